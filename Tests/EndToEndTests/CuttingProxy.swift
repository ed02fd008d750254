import NIOCore
import NIOPosix
import Synchronization

/// A TCP proxy on loopback that loses what the server says after a number of bytes: the request has
/// arrived and was carried out, and its answer is cut off.
final class CuttingProxy: Sendable {
    /// Bytes from server to client that still pass on the next connections; nil for all.
    private let allowance = Mutex<Int?>(nil)
    private let passedBytes = Mutex(0)
    private let server = Mutex<(any Channel)?>(nil)
    private let target: Int

    /// Bytes that went from server to client since the last `cut` or `pass`.
    var passed: Int { passedBytes.withLock { $0 } }
    var port: Int { server.withLock { $0?.localAddress?.port ?? 0 } }

    init(target: Int) { self.target = target }

    func start() async throws {
        let channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelOption(.autoRead, value: false)
            .childChannelInitializer { client in
                ClientBootstrap(group: client.eventLoop)
                    .connect(host: "127.0.0.1", port: self.target)
                    .flatMap { server in
                        client.eventLoop.makeCompletedFuture {
                            try client.pipeline.syncOperations.addHandler(Pipe(to: server, through: nil))
                        }.flatMap {
                            server.pipeline.addHandler(Pipe(to: client, through: self))
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

    /// From now on only so many bytes of answers pass, over all connections.
    func cut(after bytes: Int) {
        allowance.withLock { $0 = bytes }
        passedBytes.withLock { $0 = 0 }
    }

    func pass() {
        allowance.withLock { $0 = nil }
        passedBytes.withLock { $0 = 0 }
    }

    /// How many of so many bytes may pass.
    fileprivate func grant(_ bytes: Int) -> Int {
        let granted = allowance.withLock { rest in
            guard let left = rest else { return bytes }
            let granted = min(left, bytes)
            rest = left - granted
            return granted
        }
        passedBytes.withLock { $0 += granted }
        return granted
    }

    /// Hands what one side says to the other.
    private final class Pipe: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let proxy: CuttingProxy?

        init(to other: any Channel, through proxy: CuttingProxy?) {
            self.other = other
            self.proxy = proxy
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var buffer = unwrapInboundIn(data)
            let granted = proxy?.grant(buffer.readableBytes) ?? buffer.readableBytes
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
