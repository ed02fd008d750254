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
        var wait: Int64?
        var reason: Reason?
        var stopped = false
        try await connector.send(request) { answer in
            switch answer {
            case .status(let code, let asked):
                (status, wait) = (code, asked)
                return true
            case .bytes(let bytes):
                guard Self.hasFrames(status) else { return true }
                decoder.append(bytes)
            }
            while let frame = try decoder.next() {
                if status == 429 {
                    // It belongs to no conversation: none has begun.
                    if case .refusal(let told) = frame { reason = told }
                } else if !(try await receive(frame)) {
                    stopped = true
                    return false
                }
            }
            return true
        }
        if stopped || status == 200 || status == 403 { return }
        throw Self.error(status: status, wait, reason, at: connector.address)
    }

    private static func hasFrames(_ status: Int) -> Bool { [200, 403, 429].contains(status) }

    private static func error(
        status: Int, _ wait: Int64?, _ reason: Reason?, at address: ServerAddress
    ) -> ConnectionError {
        var error: ConnectionError
        switch status {
        case 401, 403:
            error = ConnectionError(.rejected, "\(address) does not know this device", at: "\(address)")
        case 429:
            let message = reason?.message ?? "\(address) asks this device to wait"
            error = ConnectionError(.throttled, message, at: "\(address)", reason: reason)
        case 503:
            error = ConnectionError(
                .interrupted, "\(address) is busy (HTTP status \(status))", at: "\(address)")
        default:
            error = ConnectionError(
                .unexpected, "\(address) answered with HTTP status \(status)", at: "\(address)")
        }
        if status == 429 || status == 503 { error.retryAfterMilliseconds = wait }
        return error
    }
}
