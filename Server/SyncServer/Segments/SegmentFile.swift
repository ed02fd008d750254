import ChangeLog
import Cryptography
import Glibc

/// An open file of a segment: what it holds stays, whatever becomes of its name.
final class SegmentFile: Sendable {
    private let descriptor: Int32

    /// Bytes in one piece of it.
    static let pieceBytes = 65_536

    /// nil when it cannot be opened.
    init?(path: String) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
    }

    deinit { close(descriptor) }

    /// Up to `pieceBytes` bytes from an offset; empty at the end, and where the disk fails.
    func piece(at offset: Int, atMost limit: Int = pieceBytes) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: min(limit, Self.pieceBytes)) { buffer, count in
            count = max(0, pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset)))
        }
    }

    /// Whether it has the bytes that its name says. It takes a millisecond, and no device is sent what it would have
    /// to throw away.
    func holds(_ segment: Segment) -> Bool {
        var hasher = SHA256.Hasher()
        var size = 0
        while true {
            let piece = piece(at: size)
            if piece.isEmpty { break }
            hasher.update(piece)
            size += piece.count
        }
        let digest = hasher.finalize()
        return size == segment.size && digest.bytes == segment.hash.bytes
    }
}
