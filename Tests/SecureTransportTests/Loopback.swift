import NIOCore
import NIOPosix
import SecureTransport

/// A server and clients of it on the loopback interface, at a port that the system chooses.
struct Loopback {
    static let group = MultiThreadedEventLoopGroup.singleton

    /// One end of a connection.
    struct End: Sendable {
        let channel: any Channel
        let handshake: EventLoopFuture<TLSEvent>
        let end: EventLoopFuture<Observation>
    }

    let listener: any Channel
    let accepted: AsyncStream<End>

    var port: Int { listener.localAddress?.port ?? 0 }

    init(
        _ context: TLSContext, reply: Reply = .none, limits: TLSLimits = TLSLimits()
    ) async throws {
        let (stream, continuation) = AsyncStream.makeStream(of: End.self)
        accepted = stream
        listener = try await ServerBootstrap(group: Self.group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    continuation.yield(
                        try Self.addHandlers(
                            to: channel, TLSHandler(context: context, limits: limits), reply: reply))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func connect(
        _ context: TLSContext, host: String = "localhost", limits: TLSLimits = TLSLimits(),
        readsAutomatically: Bool = true
    ) async throws -> End {
        try await Self.connect(
            context, port: port, host: host, limits: limits, readsAutomatically: readsAutomatically)
    }

    /// Connects to a server that is not one of ours.
    static func connect(
        _ context: TLSContext, port: Int, host: String = "localhost", limits: TLSLimits = TLSLimits(),
        readsAutomatically: Bool = true
    ) async throws -> End {
        try await ClientBootstrap(group: group)
            .channelOption(.autoRead, value: readsAutomatically)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let handler = TLSHandler(context: context, serverHostname: host, limits: limits)
                    return try addHandlers(to: channel, handler, reply: .none)
                }
            }
    }

    /// A client that speaks no TLS.
    func connectPlainly() async throws -> any Channel {
        try await ClientBootstrap(group: Self.group).connect(host: "127.0.0.1", port: port).get()
    }

    /// The next connection that the server accepted.
    func accept() async throws -> End {
        for await end in accepted { return end }
        throw ChannelError.eof
    }

    func close() async throws {
        try await listener.close()
    }

    private static func addHandlers(
        to channel: any Channel, _ handler: TLSHandler, reply: Reply
    ) throws -> End {
        let handshake = channel.eventLoop.makePromise(of: TLSEvent.self)
        let end = channel.eventLoop.makePromise(of: Observation.self)
        try channel.pipeline.syncOperations.addHandlers([
            handler, Observer(handshake: handshake, end: end, reply: reply),
        ])
        return End(channel: channel, handshake: handshake.futureResult, end: end.futureResult)
    }
}
