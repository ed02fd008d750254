import ChangeLog
import Cryptography
import Glibc
import SyncProtocol

/// What is here of one segment.
struct FetchedSegment: Sendable {
    let path: String
    let lane: AudienceID
    let segment: SegmentList.Segment

    private static let pieceBytes = 65_536

    /// How many of its bytes are here; more than it has are none of it.
    func count() throws -> Int {
        var status = stat()
        guard stat(path, &status) == 0 else { return 0 }
        guard status.st_size <= segment.size else {
            try delete()
            return 0
        }
        return Int(status.st_size)
    }

    /// Writes what came, at its place. Whether it reaches the disk before the power goes does not matter: what is
    /// missing then is noticed by the hash.
    ///
    /// - Throws: `ReplicaError` `evidence` for more bytes than it has.
    func append(_ bytes: [UInt8], at offset: Int) throws {
        guard UInt64(offset + bytes.count) <= segment.size else {
            throw ReplicaError(.evidence, "segment \(segment.hash) of \(lane) has more bytes than were told")
        }
        let descriptor = open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw SegmentFolder.failure("open", path) }
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset + written))
            }
            guard count > 0 else { throw SegmentFolder.failure("write", path) }
            written += count
        }
    }

    /// Whether all of it is here, and is what its name says.
    func isSound() throws -> Bool {
        let descriptor = try opened()
        defer { close(descriptor) }
        var hasher = SHA256.Hasher()
        var offset = 0
        while true {
            let piece = try Self.piece(of: descriptor, at: offset, path)
            if piece.isEmpty { break }
            offset += piece.count
            hasher.update(piece)
        }
        let digest = hasher.finalize()
        return UInt64(offset) == segment.size && digest.bytes == segment.hash.bytes
    }

    func delete() throws { try SegmentFolder.delete(path) }

    /// Its frames, one after another.
    func frames(_ receive: (Frame) async throws -> Void) async throws {
        var decoder = FrameDecoder()
        var offset = 0
        let descriptor = try opened()
        defer { close(descriptor) }
        while true {
            let piece = try Self.piece(of: descriptor, at: offset, path)
            if piece.isEmpty { break }
            offset += piece.count
            decoder.append(piece)
            while let frame = try decoder.next() { try await receive(frame) }
        }
        try decoder.finish()
    }

    private func opened() throws -> Int32 {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SegmentFolder.failure("open", path) }
        return descriptor
    }

    private static func piece(of descriptor: Int32, at offset: Int, _ path: String) throws -> [UInt8] {
        var failed = false
        let piece = [UInt8](unsafeUninitializedCapacity: pieceBytes) { buffer, count in
            let got = pread(descriptor, buffer.baseAddress, buffer.count, off_t(offset))
            (failed, count) = (got < 0, max(0, got))
        }
        if failed { throw SegmentFolder.failure("read", path) }
        return piece
    }
}
