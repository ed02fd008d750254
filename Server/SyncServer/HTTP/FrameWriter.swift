import HummingbirdCore
import NIOCore
import SyncProtocol

/// The open end of a stream of frames. A write returns once the connection has room for more.
struct FrameWriter {
    private var body: any ResponseBodyWriter

    init(body: any ResponseBodyWriter) { self.body = body }

    @concurrent
    mutating func send(_ frame: Frame) async throws {
        try await body.write(ByteBuffer(bytes: frame.bytes))
    }

    @concurrent
    consuming func finish() async throws { try await body.finish(nil) }
}
