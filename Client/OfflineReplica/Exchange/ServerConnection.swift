import ChangeLog
public import Cryptography
import NIOCore
import NIOHTTP1
import SecureTransport
public import SyncProtocol

/// Speaks to one server on behalf of one device: frames in, frames out.
public final class ServerConnection: FrameTransport {
    private let connector: Connector
    static let contentType = "application/vnd.voordracht.frames"

    /// - Throws: `ConnectionError.unexpected` when the address is none; what libssl says of the keys.
    public init(
        address: String, authority: Certificate, certificate: Certificate, key: PrivateKey
    ) throws {
        guard let address = ServerAddress(address) else {
            throw ConnectionError(.unexpected, "\(address) is no address of the form host:port", at: address)
        }
        let sessions = ClientSessionCache()
        let context = try TLSContext.client(
            authority: authority, identity: (certificate, key), sessions: sessions)
        connector = Connector(
            address: address, context: context, proxy: try Proxy.ofProcess(for: address))
    }

    public func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        let request = Connector.Request(
            method: .POST, path: path, contentType: Self.contentType, body: frames.flatMap(\.bytes))
        var decoder = FrameDecoder()
        var status = 200
        var stopped = false
        try await connector.send(request) { answer in
            switch answer {
            case .status(let code):
                status = code
                return true
            case .bytes(let bytes):
                decoder.append(bytes)
            }
            guard status == 200 || status == 403 else { return true }
            while let frame = try decoder.next() {
                if !(try await receive(frame)) {
                    stopped = true
                    return false
                }
            }
            return true
        }
        if stopped || status == 200 || status == 403 { return }
        throw Self.error(status: status, at: connector.address)
    }

    private static func error(status: Int, at address: ServerAddress) -> ConnectionError {
        switch status {
        case 401, 403: ConnectionError(.rejected, "\(address) does not know this device", at: "\(address)")
        case 429, 503:
            ConnectionError(.interrupted, "\(address) is busy (HTTP status \(status))", at: "\(address)")
        default:
            ConnectionError(.unexpected, "\(address) answered with HTTP status \(status)", at: "\(address)")
        }
    }
}
