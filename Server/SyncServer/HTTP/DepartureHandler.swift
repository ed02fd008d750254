import NIOCore

/// Tells whoever sends on a connection, one at a time, that its device has left.
final class DepartureHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var action: (@Sendable () -> Void)?

    func channelInactive(context: ChannelHandlerContext) {
        action?()
        action = nil
        context.fireChannelInactive()
    }

    /// Has `action` done when the device leaves, in place of what was to be done until now; nil for nothing.
    static func set(_ action: (@Sendable () -> Void)?, on channel: any Channel) async throws {
        try await channel.eventLoop.submit {
            guard channel.isActive else {
                action?()
                return
            }
            try channel.pipeline.syncOperations.handler(type: DepartureHandler.self).action = action
        }.get()
    }
}
