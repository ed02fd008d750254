import HummingbirdCore
import NIOCore
import SyncProtocol

/// The open end of a stream of frames. A write returns once the connection has room for more.
///
/// Sendable unchecked, since the writer of HummingbirdCore is, but is handed out as one of which the
/// compiler does not know it.
struct FrameWriter: @unchecked Sendable {
    private var body: any ResponseBodyWriter

    init(body: any ResponseBodyWriter) { self.body = body }

    @concurrent
    mutating func send(_ frame: Frame) async throws { try await send(ByteBuffer(bytes: frame.bytes)) }

    /// Sends what a frame consists of, so that the frame itself need not be kept until it has gone.
    @concurrent
    mutating func send(_ bytes: consuming ByteBuffer) async throws { try await body.write(bytes) }

    @concurrent
    consuming func finish() async throws { try await body.finish(nil) }
}
