import Foundation
import Synchronization

/// The server's clock: that of this machine, and what a test puts it forward.
final class ServerClock: Sendable {
    private let ahead = Mutex<Int64>(0)

    var nowMilliseconds: Int64 {
        Int64(Date().timeIntervalSince1970 * 1000) + ahead.withLock { $0 }
    }

    func putForward(days: Int64) { putForward(milliseconds: days * 86_400_000) }
    func putForward(milliseconds: Int64) { ahead.withLock { $0 += milliseconds } }
}
