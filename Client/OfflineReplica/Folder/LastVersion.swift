import Synchronization

/// The last version that a watcher was told of.
final class LastVersion: Sendable {
    private let told = Mutex<UInt64?>(nil)

    /// Whether this one is news.
    func advance(to version: UInt64) -> Bool {
        told.withLock { told in
            guard told != version else { return false }
            told = version
            return true
        }
    }
}
