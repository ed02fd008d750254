import NIOCore

/// Asks a proxy for a way to the server, and makes room for what goes over it once it is open.
final class ProxyTunnel<Outcome: Sendable>: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let address: ServerAddress
    private let proxy: Proxy
    private let promise: EventLoopPromise<Outcome>
    private let prepare: (any Channel) throws -> Outcome
    private var answer: [UInt8] = []
    private var isDone = false
    private var timer: Scheduled<Void>?

    /// The head of an answer, bytes.
    private static var largestHead: Int { 16_384 }
    /// How long the proxy may look for the server.
    private static var patience: TimeAmount { .seconds(30) }

    /// - Parameters:
    ///   - promise: is kept with what `prepare` gives, or with a `ConnectionError`.
    ///   - prepare: adds what speaks to the server; called in the event loop as soon as the way is open.
    init(
        to address: ServerAddress, by proxy: Proxy, promise: EventLoopPromise<Outcome>,
        prepare: @escaping (any Channel) throws -> Outcome
    ) {
        self.address = address
        self.proxy = proxy
        self.promise = promise
        self.prepare = prepare
    }

    func channelActive(context: ChannelHandlerContext) {
        var request = "CONNECT \(address) HTTP/1.1\r\nHost: \(address)\r\n"
        if let authorization = proxy.authorization { request += "Proxy-Authorization: \(authorization)\r\n" }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request + "\r\n")), promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) {
            self.end("does not answer", context)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return }
        answer += unwrapInboundIn(data).readableBytesView
        guard let end = answer.firstRange(of: Array("\r\n\r\n".utf8)) else {
            if answer.count > Self.largestHead { self.end("does not answer in HTTP", context) }
            return
        }
        let line = String(decoding: answer.prefix { $0 != 13 }, as: UTF8.self)
        let words = line.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            return self.end("does not answer in HTTP", context)
        }
        guard (200...299).contains(status) else {
            let isUnknown = status == 407
            return self.end(
                isUnknown ? "asks for a name and a password" : "does not lead there (HTTP status \(status))",
                context)
        }
        // Servers speak second in TLS: whatever came already is not theirs.
        guard end.upperBound == answer.count else { return self.end("says more than it should", context) }
        open(context)
    }

    private func open(_ context: ChannelHandlerContext) {
        isDone = true
        timer?.cancel()
        let channel = context.channel
        do {
            let outcome = try prepare(channel)
            context.pipeline.syncOperations.removeHandler(self, promise: nil)
            promise.succeed(outcome)
        } catch {
            promise.fail(error)
            context.close(promise: nil)
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        end("closed the connection", context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end("broke off the connection", context)
    }

    private func end(_ why: String, _ context: ChannelHandlerContext) {
        guard !isDone else { return }
        isDone = true
        timer?.cancel()
        promise.fail(
            ConnectionError(
                .proxyRefused, "The proxy \(proxy) does not lead to \(address): it \(why)",
                at: proxy.description))
        context.close(promise: nil)
    }
}
