import Glibc
import NIOCore
import NIOHTTP1
import NIOPosix
import SecureTransport

/// Carries one HTTP/1.1 request over TLS 1.3 and hands on the answer as it comes.
///
/// A connection serves one request; the session cache makes the next handshake short. Nothing is
/// read ahead of what the caller has taken, so a large answer holds little memory.
struct Connector: Sendable {
    let address: ServerAddress
    let context: TLSContext
    /// How long nothing may move, in either direction: four times what a server leaves between two
    /// signs of life, and time for the slowest uplink to take one piece of a body.
    var patience: TimeAmount = .seconds(60)
    /// A body is written in pieces of so many bytes, so that a slow upload counts as movement.
    private static let pieceBytes = 16_384

    struct Request: Sendable {
        let method: HTTPMethod
        let path: String
        let contentType: String
        let body: [UInt8]
    }

    /// - Parameters:
    ///   - receive: is called with the status once and then with each piece of the body; returns false
    ///     to close early.
    /// - Throws: `ConnectionError`, or what `receive` throws.
    func send(
        _ request: Request, receive: (Answer) async throws -> Bool
    ) async throws {
        let channel = try await connect()
        do {
            try await channel.executeThenClose { inbound, outbound in
                // A channel that failed meanwhile takes no more; why it did comes out of reading.
                var unwritten: (any Error)?
                do { try await write(request, to: outbound) } catch { unwritten = error }
                for try await part in inbound {
                    let goesOn: Bool
                    switch part {
                    case .head(let head): goesOn = try await receive(.status(Int(head.status.code)))
                    case .body(let buffer):
                        goesOn = try await receive(.bytes(Array(buffer.readableBytesView)))
                    case .end: goesOn = false
                    }
                    if !goesOn { return }
                }
                if let unwritten { throw unwritten }
            }
        } catch let error as TransportError {
            throw Self.connectionError(error, at: address)
        } catch let error as NIOAsyncWriterError {
            throw ConnectionError(.interrupted, "the connection to \(address) was closed (\(error))")
        } catch let error as ChannelError {
            throw ConnectionError(.interrupted, "the connection to \(address) was closed (\(error))")
        } catch let error as IOError {
            throw ConnectionError(.interrupted, "the connection to \(address) was cut (\(error))")
        } catch let error as HTTPParserError {
            throw ConnectionError(.unexpected, "\(address) does not answer in HTTP (\(error))")
        }
    }

    enum Answer: Sendable {
        case status(Int)
        case bytes([UInt8])
    }

    private typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    private func connect() async throws -> Channel {
        let (context, address, patience) = (context, address, patience)
        do {
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(.seconds(10))
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let pipeline = channel.pipeline.syncOperations
                        try pipeline.addHandler(
                            TLSHandler(context: context, serverHostname: address.host))
                        try pipeline.addHandler(IdleStateHandler(allTimeout: patience))
                        try pipeline.addHandler(SilenceHandler(address: address))
                        try pipeline.addHTTPClientHandlers()
                        return try Channel(wrappingChannelSynchronously: channel)
                    }
                }
        } catch let error as TransportError {
            throw Self.connectionError(error, at: address)
        } catch {
            throw ConnectionError(.unreachable, "no answer from \(address) (\(Self.cause(of: error)))")
        }
    }

    /// The system's own words for why nobody answered, such as "Connection refused".
    private static func cause(of error: any Error) -> String {
        let attempt = (error as? NIOConnectionError)?.connectionErrors.first?.error ?? error
        guard let failure = attempt as? IOError else { return "\(attempt)" }
        return String(cString: strerror(failure.errnoCode))
    }

    private func write(
        _ request: Request, to outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path)
        head.headers.add(name: "host", value: address.description)
        head.headers.add(name: "content-type", value: request.contentType)
        head.headers.add(name: "content-length", value: String(request.body.count))
        head.headers.add(name: "connection", value: "close")
        try await outbound.write(.head(head))
        for start in stride(from: 0, to: request.body.count, by: Self.pieceBytes) {
            let piece = request.body[start..<min(start + Self.pieceBytes, request.body.count)]
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
        }
        try await outbound.write(.end(nil))
    }

    private static func connectionError(_ error: TransportError, at address: ServerAddress) -> ConnectionError
    {
        switch error.code {
        case .certificateRejected, .hostMismatch:
            ConnectionError(
                .untrusted, "\(address) does not show a certificate of this association: \(error.message)")
        case .handshakeFailed, .configuration:
            ConnectionError(.untrusted, "no secure connection with \(address): \(error.message)")
        default:
            ConnectionError(.interrupted, "the connection to \(address) ended: \(error.message)")
        }
    }
}

/// Ends a connection on which nothing has come for too long.
private final class SilenceHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let address: ServerAddress

    init(address: ServerAddress) { self.address = address }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.fireErrorCaught(
                ConnectionError(.interrupted, "nothing came from \(address) for too long"))
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
