import Foundation
import NIOCore

/// Cuts what comes over the administration socket into lines.
struct LineReader {
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var buffer = ByteBuffer()

    /// The longest line, bytes.
    static let limit = 64 << 20

    init(_ stream: NIOAsyncChannelInboundStream<ByteBuffer>) { iterator = stream.makeAsyncIterator() }

    /// The next line without its end; nil when the other side has closed.
    mutating func next() async throws -> Data? {
        var searched = 0
        while true {
            let view = buffer.readableBytesView
            if let end = view[(view.startIndex + searched)...].firstIndex(of: 0x0a) {
                let line = Data(view[..<end])
                buffer.moveReaderIndex(forwardBy: line.count + 1)
                buffer.discardReadBytes()
                return line
            }
            searched = view.count
            guard searched <= Self.limit else { return nil }
            guard var more = try await iterator.next(isolation: #isolation) else { return nil }
            buffer.writeBuffer(&more)
        }
    }
}
