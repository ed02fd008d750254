import NIOCore

/// Plaintext that was written and not encrypted yet, with the promises of its writers.
struct PendingWrites {
    private var queue = MarkedCircularBuffer<(buffer: ByteBuffer, promise: EventLoopPromise<Void>?)>(
        initialCapacity: 8)
    /// The bytes in the queue, flushed or not.
    private(set) var count = 0

    mutating func append(_ buffer: ByteBuffer, _ promise: EventLoopPromise<Void>?) {
        queue.append((buffer, promise))
        count += buffer.readableBytes
    }

    /// Lets everything so far be taken.
    mutating func flush() {
        queue.mark()
    }

    /// The next write that may be encrypted.
    mutating func next() -> (buffer: ByteBuffer, promise: EventLoopPromise<Void>?)? {
        guard queue.hasMark, let first = queue.popFirst() else { return nil }
        count -= first.buffer.readableBytes
        return first
    }

    /// Fails everything, flushed or not.
    mutating func fail(_ error: TransportError) {
        let failed = queue
        self = PendingWrites()
        for (_, promise) in failed { promise?.fail(error) }
    }
}
