import Cryptography
import NIOCore
import SecureTransport

/// Everything that one end of a connection saw, once it is over.
struct Observation: Sendable {
    var events: [TLSEvent] = []
    var errors: [TransportError.Code] = []
    var count = 0
    var digest = Digest.zero
    var reads = 0
}

/// What the far end of a test pipeline does with the bytes that it receives.
enum Reply: Sendable {
    case none
    case echo
    /// Sends this for whatever arrives.
    case text(String)
}

/// The last handler of a test pipeline: watches, and replies if asked to.
final class Observer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let handshake: EventLoopPromise<TLSEvent>
    let end: EventLoopPromise<Observation>
    let reply: Reply
    /// Kept at the next read, with the number of reads so far.
    var nextRead: EventLoopPromise<Int>?
    private var observation = Observation()
    private var bytes: [UInt8] = []

    init(handshake: EventLoopPromise<TLSEvent>, end: EventLoopPromise<Observation>, reply: Reply) {
        self.handshake = handshake
        self.end = end
        self.reply = reply
    }

    var received: [UInt8] { bytes }
    var seen: Observation { observation }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSEvent else { return }
        observation.events.append(event)
        if case .handshakeCompleted = event { handshake.succeed(event) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        observation.reads += 1
        bytes += buffer.readableBytesView
        nextRead?.succeed(observation.reads)
        nextRead = nil
        switch reply {
        case .none: break
        case .echo: context.write(wrapOutboundOut(buffer), promise: nil)
        case .text(let text): context.write(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.flush()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? TransportError else { return }
        observation.errors.append(error.code)
        handshake.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        observation.count = bytes.count
        observation.digest = SHA256.hash(bytes)
        handshake.fail(ChannelError.eof)
        end.succeed(observation)
    }
}
