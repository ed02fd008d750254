import Glibc

/// The right to open a server's database: held by the running server, or by one command at a time.
///
/// The system gives it back when the process ends, however it ends.
public final class FolderLock: Sendable {
    private let descriptor: Int32

    static let name = "lock"

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// nil when another process has it.
    public static func acquire(in folder: DataFolder) throws(AdministrationError) -> FolderLock? {
        let path = folder.path(of: name)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path) }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            close(descriptor)
            if reason == EWOULDBLOCK { return nil }
            errno = reason
            throw failure(path)
        }
        return FolderLock(descriptor: descriptor)
    }

    private static func failure(_ path: String) -> AdministrationError {
        AdministrationError(system: errno, place: path)
    }
}
