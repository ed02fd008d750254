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

    /// - Returns: how many bytes it has.
    @concurrent @discardableResult
    mutating func send(_ frame: Frame) async throws -> Int {
        let bytes = frame.bytes
        try await body.write(ByteBuffer(bytes: bytes))
        return bytes.count
    }

    @concurrent
    consuming func finish() async throws { try await body.finish(nil) }
}
