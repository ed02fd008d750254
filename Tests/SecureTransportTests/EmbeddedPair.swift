import NIOCore
import NIOEmbedded
import SecureTransport

/// A server and a client without sockets and without a clock: bytes move, and time passes, when
/// the test says so.
struct EmbeddedPair {
    let server: EmbeddedEnd
    let client: EmbeddedEnd

    init(
        server: TLSContext, client: TLSContext, limits: TLSLimits = TLSLimits(),
        allowsHalfClosure: Bool = false
    ) throws {
        self.server = try EmbeddedEnd(
            TLSHandler(context: server, limits: limits, allowsHalfClosure: allowsHalfClosure))
        self.client = try EmbeddedEnd(
            TLSHandler(
                context: client, serverHostname: "localhost", limits: limits,
                allowsHalfClosure: allowsHalfClosure))
    }

    /// Carries bytes to and fro until neither side has anything to say.
    ///
    /// - Parameter alter: what happens to the bytes on the way, in both directions.
    func pump(_ alter: ([UInt8]) -> [UInt8] = { $0 }) throws {
        var isMoving = true
        while isMoving {
            isMoving = false
            for (from, to) in [(client, server), (server, client)] {
                for bytes in try from.sent() {
                    isMoving = true
                    try to.receive(alter(bytes))
                }
            }
        }
    }
}

/// One end of it.
struct EmbeddedEnd {
    let channel: EmbeddedChannel
    let handler: TLSHandler
    let observer: Observer

    init(_ handler: TLSHandler) throws {
        let channel = EmbeddedChannel()
        let observer = Observer(
            handshake: channel.eventLoop.makePromise(), end: channel.eventLoop.makePromise(), reply: .none)
        self.channel = channel
        self.handler = handler
        self.observer = observer
        try channel.pipeline.syncOperations.addHandlers([handler, observer])
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 443)).wait()
    }

    var loop: EmbeddedEventLoop { channel.embeddedEventLoop }

    func sent() throws -> [[UInt8]] {
        var all: [[UInt8]] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) {
            all.append(Array(buffer.readableBytesView))
        }
        return all
    }

    func receive(_ bytes: [UInt8]) throws {
        // A channel that has been closed receives nothing any more, as a socket would not.
        guard channel.isActive else { return }
        try channel.writeInbound(ByteBuffer(bytes: bytes))
    }

    /// The peer is gone: the TCP connection ends.
    func disconnect() {
        channel.pipeline.fireChannelInactive()
    }
}
