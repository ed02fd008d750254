import NIOCore
import NIOPosix
import Synchronization

/// The network between one client and the server: it can be cut, which ends all connections, and comes back.
final class Relay: Sendable {
    private struct State {
        var isCut = false
        var ends: [ObjectIdentifier: any Channel] = [:]
    }

    private let state = Mutex(State())
    private let target: Int
    private let listener = Mutex<(any Channel)?>(nil)

    var port: Int { listener.withLock { $0?.localAddress?.port ?? 0 } }

    init(to target: Int) async throws {
        self.target = target
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                guard self.add(client) else { return client.close() }
                return ClientBootstrap(group: client.eventLoop)
                    .connect(host: "127.0.0.1", port: self.target)
                    .flatMap { server in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(Pipe(to: server))
                            try server.pipeline.syncOperations.addHandler(Pipe(to: client))
                        }.flatMap { client.setOption(.autoRead, value: true) }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        listener.withLock { $0 = channel }
    }

    /// Whether it may connect.
    private func add(_ client: any Channel) -> Bool {
        let identifier = ObjectIdentifier(client)
        let mayConnect = state.withLock { state in
            if !state.isCut { state.ends[identifier] = client }
            return !state.isCut
        }
        client.closeFuture.whenComplete { _ in
            self.state.withLock { _ = $0.ends.removeValue(forKey: identifier) }
        }
        return mayConnect
    }

    func set(isCut: Bool) {
        let ends = state.withLock { state in
            state.isCut = isCut
            return isCut ? Array(state.ends.values) : []
        }
        for end in ends { end.close(promise: nil) }
    }

    func stop() async throws { try await listener.withLock { $0 }?.close().get() }

    /// Hands what one side says to the other.
    private final class Pipe: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let other: any Channel

        init(to other: any Channel) { self.other = other }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
            context.fireChannelInactive()
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
