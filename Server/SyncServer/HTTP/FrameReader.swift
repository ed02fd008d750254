import HummingbirdCore
import NIOCore
import SyncProtocol

/// The frames of a request's body, as they arrive.
struct FrameReader {
    private var body: RequestBody.AsyncIterator
    private var decoder = FrameDecoder()
    private var remaining: Int
    /// Bytes of the body that have come and were not asked for by `takeCount` yet.
    private var count = 0

    init(_ body: RequestBody, limit: Int) {
        self.body = body.makeAsyncIterator()
        remaining = limit
    }

    /// The next frame, or nil at the end of the body.
    ///
    /// - Throws: `ProtocolError` for what is no frame, is cut off, or is one too many; the connection's
    ///   own errors.
    @concurrent
    mutating func next() async throws -> Frame? {
        while true {
            if let frame = try decoder.next() {
                guard remaining > 0 else {
                    throw ProtocolError(.tooLarge, "more frames in one request than are allowed")
                }
                remaining -= 1
                return frame
            }
            guard let more = try await body.next() else {
                try decoder.finish()
                return nil
            }
            count += more.readableBytes
            decoder.append(more.readableBytesView)
        }
    }

    /// How many bytes have come since it was asked last.
    mutating func takeCount() -> Int {
        defer { count = 0 }
        return count
    }
}
