import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy on loopback that loses what the server says on one connection after a number of bytes: the
/// request has arrived and was carried out, and its answer is cut off.
///
/// A client of this project makes one connection for each request, so a connection is a request.
final class CuttingProxy: Sendable {
    private struct State {
        /// The connection to cut, counted from 1 since the plan was made, and the bytes that still pass.
        var plan: (connection: Int, bytes: Int)?
        var connections = 0
        var hasCut = false
    }

    private let state = Mutex(State())
    private let server = Mutex<(any Channel)?>(nil)
    private let target: Int

    /// Whether something was lost since the last `cut` or `pass`.
    var hasCut: Bool { state.withLock(\.hasCut) }
    var port: Int { server.withLock { $0?.localAddress?.port ?? 0 } }

    init(target: Int) { self.target = target }

    func start() async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                let number = self.state.withLock { state in
                    state.connections += 1
                    return state.connections
                }
                return ClientBootstrap(group: client.eventLoop)
                    .connect(host: "127.0.0.1", port: self.target)
                    .flatMap { server in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(Pipe(to: server, through: nil))
                        }.flatMap {
                            server.pipeline.addHandler(Pipe(to: client, through: (self, number)))
                        }.flatMap {
                            client.setOption(.autoRead, value: true)
                        }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        server.withLock { $0 = channel }
    }

    func stop() async throws {
        try await server.withLock { $0 }?.close().get()
    }

    /// Of the answer on the next connection but `connection - 1` only so many bytes pass.
    func cut(connection: Int, after bytes: Int) {
        state.withLock { $0 = State(plan: (connection, bytes)) }
    }

    func pass() { state.withLock { $0 = State() } }

    /// How many of so many bytes may pass on a connection.
    fileprivate func grant(_ bytes: Int, on connection: Int) -> Int {
        state.withLock { state in
            guard let plan = state.plan, plan.connection == connection else { return bytes }
            let granted = min(plan.bytes, bytes)
            state.plan = (connection, plan.bytes - granted)
            state.hasCut = state.hasCut || granted < bytes
            return granted
        }
    }

    /// Hands what one side says to the other.
    private final class Pipe: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let proxy: (CuttingProxy, connection: Int)?

        init(to other: any Channel, through proxy: (CuttingProxy, connection: Int)?) {
            self.other = other
            self.proxy = proxy
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let said = buffer.readableBytes
            let granted = proxy.map { $0.0.grant(said, on: $0.connection) } ?? said
            if let part = buffer.readSlice(length: granted), part.readableBytes > 0 {
                other.writeAndFlush(part, promise: nil)
            }
            if buffer.readableBytes > 0 {
                context.close(promise: nil)
                other.close(promise: nil)
            }
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
