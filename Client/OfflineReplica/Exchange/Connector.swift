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
    /// What stands between here and the network; nil where nothing does.
    var proxy: Proxy?
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
        /// From which byte on the answer is wanted.
        var firstByte = 0
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
                    case .head(let head):
                        goesOn = try await receive(.head(Answer.Head(head)))
                    case .body(let buffer):
                        goesOn = try await receive(.bytes(Array(buffer.readableBytesView)))
                    case .end: goesOn = false
                    }
                    if !goesOn { return }
                }
                if let unwritten { throw unwritten }
            }
        } catch let error as TransportError {
            throw connectionError(error)
        } catch  where error is NIOAsyncWriterError || error is ChannelError || error is IOError {
            throw ConnectionError(.interrupted, "The connection to \(address) was cut", at: "\(address)")
        } catch is HTTPParserError {
            throw ConnectionError(.unexpected, "\(address) does not answer in HTTP", at: "\(address)")
        }
    }

    enum Answer: Sendable {
        struct Head {
            let status: Int
            let contentType: String?
            /// What `Retry-After` says, where it says something.
            let retryAfterMilliseconds: Int64?

            fileprivate init(_ head: HTTPResponseHead) {
                status = Int(head.status.code)
                contentType = head.headers.first(name: "content-type")
                retryAfterMilliseconds = RetryAfter.milliseconds(head.headers.first(name: "retry-after"))
            }
        }

        case head(Head)
        case bytes([UInt8])
    }

    private typealias Channel = NIOAsyncChannel<HTTPClientResponsePart, HTTPClientRequestPart>

    /// Directly, or through the proxy that the environment names.
    private func connect() async throws -> Channel {
        if let proxy { return try await connect(through: proxy) }
        let (context, address, patience) = (context, address, patience)
        do {
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connectTimeout(Self.connectTimeout)
                .connect(host: address.host, port: address.port) { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try Self.prepare(channel, context, address, patience)
                    }
                }
        } catch let error as TransportError {
            throw connectionError(error)
        } catch {
            throw Self.unconnected(error, address)
        }
    }

    /// TLS begins once the proxy has opened the way; what goes over it the proxy cannot read.
    private func connect(through proxy: Proxy) async throws -> Channel {
        let (context, address, patience) = (context, address, patience)
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let opened = loop.makePromise(of: Channel.self)
        do {
            _ = try await ClientBootstrap(group: loop)
                .connectTimeout(Self.connectTimeout)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let tunnel = ProxyTunnel(to: address, by: proxy, promise: opened) { channel in
                            try Self.prepare(channel, context, address, patience)
                        }
                        try channel.pipeline.syncOperations.addHandler(tunnel)
                    }
                }
                .connect(host: proxy.host, port: proxy.port).get()
        } catch {
            opened.fail(error)
            throw ConnectionError(
                .proxyRefused, "The proxy \(proxy) does not answer (\(Self.cause(of: error)))",
                at: proxy.description)
        }
        return try await opened.futureResult.get()
    }

    private static let connectTimeout = TimeAmount.seconds(10)

    private static func prepare(
        _ channel: any NIOCore.Channel, _ context: TLSContext, _ address: ServerAddress,
        _ patience: TimeAmount
    ) throws -> Channel {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(TLSHandler(context: context, serverHostname: address.host))
        try pipeline.addHandler(IdleStateHandler(allTimeout: patience))
        try pipeline.addHandler(SilenceHandler(address: address))
        try pipeline.addHTTPClientHandlers()
        return try Channel(wrappingChannelSynchronously: channel)
    }

    private func write(
        _ request: Request, to outbound: NIOAsyncChannelOutboundWriter<HTTPClientRequestPart>
    ) async throws {
        var head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path)
        head.headers.add(name: "host", value: address.description)
        head.headers.add(name: "content-type", value: request.contentType)
        head.headers.add(name: "content-length", value: String(request.body.count))
        if request.firstByte > 0 {
            head.headers.add(name: "range", value: "bytes=\(request.firstByte)-")
        }
        head.headers.add(name: "connection", value: "close")
        try await outbound.write(.head(head))
        for start in stride(from: 0, to: request.body.count, by: Self.pieceBytes) {
            let piece = request.body[start..<min(start + Self.pieceBytes, request.body.count)]
            try await outbound.write(.body(.byteBuffer(ByteBuffer(bytes: piece))))
        }
        try await outbound.write(.end(nil))
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
                ConnectionError(
                    .interrupted, "Nothing came from \(address) for too long", at: address.description))
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
