import CoreMetrics
import NIOCore
import SecureTransport

/// Counts a connection while it is open, and how its handshake ended. Stands right behind TLS.
final class ConnectionObserver: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let metrics: ServerMetrics
    private var isOpen = false
    private var isDecided = false

    init(metrics: ServerMetrics) { self.metrics = metrics }

    func handlerAdded(context: ChannelHandlerContext) {
        isOpen = true
        metrics.connections.increment()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    func channelInactive(context: ChannelHandlerContext) {
        decide(.failed)
        end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .handshakeCompleted(_, let isResumed, _)? = event as? TLSEvent {
            decide(isResumed ? .resumed : .full)
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        decide(.failed)
        context.fireErrorCaught(error)
    }

    /// The first that happens is how the handshake ended.
    private func decide(_ outcome: ServerMetrics.HandshakeOutcome) {
        guard !isDecided else { return }
        isDecided = true
        metrics.handshake(outcome)
    }

    private func end() {
        guard isOpen else { return }
        isOpen = false
        metrics.connections.decrement()
    }
}
