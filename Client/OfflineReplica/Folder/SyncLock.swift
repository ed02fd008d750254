import Glibc
import Synchronization

/// The right to synchronise a replica, held by one process at a time (`flock`).
///
/// It ends with `release`, with the last reference, or with the process.
public final class SyncLock: Sendable {
    private let descriptor: Mutex<Int32?>

    /// nil when another holds it.
    init?(file: String) throws {
        let descriptor = open(file, O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw ReplicaError(
                errno == ENOSPC ? .diskFull : .notWritable,
                "The file \(file) cannot be opened: \(String(cString: strerror(errno)))", at: file)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    public func release() {
        descriptor.withLock { descriptor in
            if let descriptor { close(descriptor) }
            descriptor = nil
        }
    }
}
