import COpenSSL
import NIOCore

/// Ciphertext on its way between libssl and the channel, as a BIO over two byte buffers.
///
/// A BIO of our own rather than libcrypto's memory BIO: libssl reads from the buffer that the
/// socket filled, and writes to the one that goes out, without a copy between.
final class Wire {
    private(set) var inbound = ByteBuffer()
    private var outbound = ByteBuffer()
    private let allocator: ByteBufferAllocator

    init(allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    /// Bytes that libssl wrote and nobody took.
    var outboundCount: Int { outbound.readableBytes }

    /// Hands over bytes that the socket received.
    func receive(_ buffer: ByteBuffer) {
        if inbound.readableBytes == 0 {
            inbound = buffer
        } else {
            inbound.writeImmutableBuffer(buffer)
        }
    }

    /// What libssl wants to send, or `nil` when that is nothing.
    func takeOutbound() -> ByteBuffer? {
        guard outbound.readableBytes > 0 else { return nil }
        defer { outbound = ByteBuffer() }
        return outbound
    }

    /// Makes room at once for what is about to be written.
    func reserve(_ count: Int) {
        if outbound.capacity == 0 {
            outbound = allocator.buffer(capacity: count)
        }
    }

    /// A BIO on this wire, for both directions; it does not retain the wire.
    func makeBIO() -> OpaquePointer? {
        guard let bio = BIO_new(Method.shared.pointer) else { return nil }
        BIO_set_data(bio, Unmanaged.passUnretained(self).toOpaque())
        return bio
    }

    private func read(into target: UnsafeMutableRawBufferPointer) -> Int {
        let count = min(target.count, inbound.readableBytes)
        inbound.readWithUnsafeReadableBytes { source in
            target.copyMemory(from: UnsafeRawBufferPointer(rebasing: source[..<count]))
            return count
        }
        // Gives the memory of the socket back as soon as it is used up.
        if inbound.readableBytes == 0 { inbound = ByteBuffer() }
        return count
    }

    /// The functions that make a wire a BIO.
    ///
    /// Sendable because a method never changes once it is made, and this one is never freed.
    private final class Method: @unchecked Sendable {
        static let shared = Method()

        let pointer: OpaquePointer?

        private init() {
            pointer = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "wire")
            BIO_meth_set_read(pointer) { bio, target, count in
                guard let bio, let target, count > 0, let wire = Wire.of(bio) else { return 0 }
                openssl_bio_clear_retry(bio)
                let read = wire.read(into: UnsafeMutableRawBufferPointer(start: target, count: Int(count)))
                guard read > 0 else {
                    openssl_bio_set_retry_read(bio)
                    return -1
                }
                return Int32(read)
            }
            BIO_meth_set_write(pointer) { bio, source, count in
                guard let bio, let source, count > 0, let wire = Wire.of(bio) else { return 0 }
                openssl_bio_clear_retry(bio)
                wire.outbound.writeBytes(UnsafeRawBufferPointer(start: source, count: Int(count)))
                return count
            }
            // Everything is flushed at once; nothing else is asked that matters.
            BIO_meth_set_ctrl(pointer) { _, command, _, _ in command == BIO_CTRL_FLUSH ? 1 : 0 }
        }
    }

    private static func of(_ bio: OpaquePointer) -> Wire? {
        BIO_get_data(bio).map { Unmanaged<Wire>.fromOpaque($0).takeUnretainedValue() }
    }
}
