import ChangeLog
public import Cryptography
import NIOCore
import NIOHTTP1
import SecureTransport
public import SyncProtocol

/// Speaks to one server on behalf of one device: frames in, frames out.
public final class ServerConnection: FrameTransport {
    let connector: Connector
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
        var head: Connector.Answer.Head?
        var reason: Reason?
        var stopped = false
        try await connector.send(request) { answer in
            switch answer {
            case .head(let received):
                head = received
                return true
            case .bytes(let bytes):
                guard head?.hasFrames == true else { return true }
                decoder.append(bytes)
            }
            while let frame = try decoder.next() {
                if head?.isConversation == true {
                    guard try await receive(frame) else {
                        stopped = true
                        return false
                    }
                } else if case .refusal(let told) = frame {
                    // It belongs to no conversation: none has begun.
                    reason = told
                }
            }
            return true
        }
        if stopped { return }
        let answered = try connector.answered(head)
        if !answered.isConversation { throw Self.error(answered, reason, at: connector.address) }
    }

    static func error(
        _ head: Connector.Answer.Head, _ reason: Reason?, at address: ServerAddress
    ) -> ConnectionError {
        let (code, message): (ConnectionError.Code, String) =
            switch head.status {
            case 401: (.rejected, "\(address) does not know this device")
            case 429: (.throttled, "\(address) asks this device to wait")
            case 503: (.interrupted, "\(address) is busy (HTTP status 503)")
            default: (.unexpected, "\(address) answered with HTTP status \(head.status)")
            }
        var error = ConnectionError(code, reason?.message ?? message, at: "\(address)", reason: reason)
        if head.status == 429 || head.status == 503 {
            error.retryAfterMilliseconds = head.retryAfterMilliseconds
        }
        return error
    }
}

extension Connector.Answer.Head {
    fileprivate var hasFrames: Bool { contentType == ServerConnection.contentType }

    /// Whether the frames of a conversation follow; else one refusal at most.
    fileprivate var isConversation: Bool { hasFrames && (status == 200 || status == 403) }
}
