import Glibc
import VoordrachtClient

/// The file of a bundle.
enum BundleFile {
    /// A bundle is below 16 MiB; a file without an end is noticed.
    private static let largest = 16 << 20

    /// - Throws: `FaceError` `fileMissing`, `fileUnreadable` or `bundleTooLong`.
    static func read(_ path: String) throws(FaceError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FaceError(errno == ENOENT ? .fileMissing : .fileUnreadable, [path])
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw FaceError(.fileUnreadable, [path]) }
            if count == 0 { return bytes }
            bytes += piece[..<count]
            guard bytes.count <= largest else { throw FaceError(.bundleTooLong, [path]) }
        }
    }

    /// - Throws: `FaceError` `fileTaken`.
    static func checkFree(_ path: String) throws(FaceError) {
        guard access(path, F_OK) != 0 else { throw FaceError(.fileTaken, [path]) }
    }

    /// Whole or not at all, for its owner alone, and on the disk on return; never over another file.
    ///
    /// - Throws: `FaceError` `fileTaken` or `fileUnwritable`.
    static func write(_ bytes: [UInt8], to path: String) throws(FaceError) {
        try checkFree(path)
        let draft = path + ".new"
        let descriptor = open(draft, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FaceError(.fileUnwritable, [path]) }
        let isWritten = put(bytes, descriptor) && fsync(descriptor) == 0
        guard close(descriptor) == 0, isWritten, rename(draft, path) == 0, synchronizeFolder(of: path) else {
            unlink(draft)
            throw FaceError(.fileUnwritable, [path])
        }
    }

    private static func put(_ bytes: [UInt8], _ descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// A new name is durable only once its folder is synced.
    private static func synchronizeFolder(of path: String) -> Bool {
        let end = path.lastIndex(of: "/")
        let folder = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }
}
