public import Cryptography
public import NIOCore

/// TLS 1.3 as a duplex channel handler: ciphertext at the side of the socket, plaintext behind.
///
/// ```swift
/// try channel.pipeline.syncOperations.addHandler(TLSHandler(context: context))
/// ```
///
/// It starts the handshake by itself once the channel is active, and reports it as
/// ``TLSEvent/handshakeCompleted(peerCertificate:resumed:applicationProtocol:)``. What is written
/// earlier waits for that. A failure arrives as an error of type ``TransportError``, after which
/// the channel is closed; writes that did not leave fail with the same error.
///
/// - Closing the channel says goodbye first, and waits for that of the peer until
///   ``TLSLimits/closeTimeout``. Closing only the output says goodbye and goes on reading.
/// - A connection that ends without a goodbye is reported as `.truncated`.
/// - Writability is that of the channel. Reading follows the demand of the pipeline, and one read
///   yields at most ``TLSLimits/plaintextPerRead``.
///
/// One handler serves one channel.
public final class TLSHandler: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = ByteBuffer
    public typealias OutboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    /// Where the connection stands; it only moves down this list.
    enum Phase {
        case waiting
        case handshaking
        case open
        /// The channel is being closed by us: waiting for goodbyes, until the timeout.
        case closing
        /// An error was reported: waiting until the peer has our alert, until the timeout.
        case failed
        case closed
    }

    let tlsContext: TLSContext
    let serverHostname: String?
    let limits: TLSLimits
    let allowsHalfClosure: Bool

    var phase = Phase.waiting
    /// Present from the beginning of the handshake.
    var connection: TLSConnection?
    /// The timeout of the phase.
    var timer: Scheduled<Void>?

    // Inbound
    var bytesBeforeHandshake = 0
    /// The pipeline asked for a read that has not been answered.
    var isReadWanted = false
    var isDelivering = false
    var hasPeerClosed = false

    // Outbound
    var pending = PendingWrites()
    /// Our goodbye was handed to libssl: nothing can be written any more.
    var isOutputClosed = false
    /// Our goodbye left for the network.
    var isGoodbyeSent = false
    var closePromise: EventLoopPromise<Void>?

    /// The verified certificate of the peer, once the handshake is complete; `nil` if it has none.
    public private(set) var peerCertificate: Certificate?
    /// Whether the handshake continued an earlier session.
    public private(set) var isResumed = false

    /// - Parameters:
    ///   - context: of a server or a client.
    ///   - serverHostname: the name or IP address that the server's certificate must be for;
    ///     obligatory for a client, ignored for a server.
    ///   - allowsHalfClosure: whether the goodbye of the peer leaves the channel open for writing,
    ///     after a `ChannelEvent.inputClosed`; otherwise it closes the channel.
    public init(
        context: TLSContext, serverHostname: String? = nil, limits: TLSLimits = TLSLimits(),
        allowsHalfClosure: Bool = false
    ) {
        self.tlsContext = context
        self.serverHostname = serverHostname
        self.limits = limits
        self.allowsHalfClosure = allowsHalfClosure
    }

    public func handlerAdded(context: ChannelHandlerContext) {
        guard context.channel.isActive else { return }
        // Whatever the pipeline asked for before, this handler has not seen it.
        isReadWanted = true
        startHandshake(context: context)
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        finish(context: context)
    }

    public func channelActive(context: ChannelHandlerContext) {
        startHandshake(context: context)
        context.fireChannelActive()
    }

    private func startHandshake(context: ChannelHandlerContext) {
        guard phase == .waiting else { return }
        phase = .handshaking
        startTimer(limits.handshakeTimeout, context: context) { handler, context in
            handler.fail(.handshakeTimeout, context: context)
        }
        do {
            connection = try TLSConnection(
                context: tlsContext, host: serverHostname, port: context.channel.remoteAddress?.port,
                allocator: context.channel.allocator)
        } catch {
            return fail(error, context: context)
        }
        continueHandshake(context: context)
        if phase == .handshaking { context.read() }
    }

    func continueHandshake(context: ChannelHandlerContext) {
        guard let connection else { return }
        do {
            let isComplete = try connection.handshake()
            sendOutbound(context: context)
            if isComplete { try completeHandshake(connection, context: context) }
        } catch {
            fail(error, context: context)
        }
    }

    private func completeHandshake(
        _ connection: TLSConnection, context: ChannelHandlerContext
    ) throws(TransportError) {
        peerCertificate = try connection.peerCertificate()
        isResumed = connection.isResumed
        timer?.cancel()
        phase = .open
        let event = TLSEvent.handshakeCompleted(
            peerCertificate: peerCertificate, resumed: isResumed,
            applicationProtocol: connection.applicationProtocol)
        context.fireUserInboundEventTriggered(event)
        if phase == .open { encryptPending(context: context, thenFlush: true) }
    }

    /// Sends what libssl wants to say besides the plaintext: handshake, alerts, key updates.
    @discardableResult
    func sendOutbound(context: ChannelHandlerContext) -> EventLoopFuture<Void>? {
        guard let bytes = connection?.takeOutbound() else { return nil }
        return context.writeAndFlush(wrapOutboundOut(bytes))
    }

    /// Starts the timeout of the phase, which replaces the one of the phase before.
    func startTimer(
        _ delay: TimeAmount, context: ChannelHandlerContext,
        _ action: @escaping (TLSHandler, ChannelHandlerContext) -> Void
    ) {
        timer?.cancel()
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            action(self, context)
        }
    }
}

@available(*, unavailable)
extension TLSHandler: Sendable {}
