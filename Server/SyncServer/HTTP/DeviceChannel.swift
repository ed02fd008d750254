import HummingbirdCore
import Logging
import NIOCore
import SecureTransport

/// One connection of a device: TLS by the system's libssl, and HTTP/1.1 over it.
struct DeviceChannel: ServerChildChannel {
    private let context: TLSContext
    private let http: HTTP1Channel
    private let limits: HTTPLimits
    private let metrics: ServerMetrics

    /// TCP_USER_TIMEOUT of Linux, which NIO has no name for.
    private static let userTimeout = NIOBSDSocket.Option(rawValue: 18)

    init(
        context: TLSContext, limits: HTTPLimits, metrics: ServerMetrics,
        responder: @escaping HTTPChannelHandler.Responder
    ) {
        self.context = context
        self.metrics = metrics
        self.limits = limits
        let decoder = HTTP1Channel.Configuration.DecoderConfiguration(
            maxHeaderFieldSize: limits.headerBytes, maxHeaderListSize: limits.headerBytes,
            maxHeaderFieldCount: 100)
        http = HTTP1Channel(
            responder: responder,
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(limits.idleSeconds), httpDecoderConfiguration: decoder))
    }

    /// A reader who stays away must not keep its connection for ever: TCP gives it up.
    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        let timeout = ChannelOptions.Types.SocketOption(level: .tcp, name: Self.userTimeout)
        let milliseconds = Int(limits.unreadSeconds * 1000)
        return channel.setOption(timeout, value: milliseconds).flatMapThrowing {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers(
                [TLSHandler(context: context), ConnectionObserver(metrics: metrics), DepartureHandler()])
        }.flatMap {
            http.setup(channel: channel, logger: logger)
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async {
        await http.handle(value: value, logger: logger)
    }
}
