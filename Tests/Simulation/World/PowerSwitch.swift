import ChangeLog
import GRDB
import Synchronization

/// The program died: what it was doing has no result, and it does nothing more.
struct PowerLost: Error {}

/// What can befall a running program between two transactions.
///
/// One belongs to each life of a program: what is dead stays dead, and a new life begins on the files.
final class PowerSwitch: Sendable {
    private struct State {
        var isAlive = true
        var isDiskFull = false
        /// At how many steps from now it dies.
        var fuse: Int?
        var died: Fault?
    }

    private let state = Mutex(State())

    var isAlive: Bool { state.withLock { $0.isAlive } }
    /// Before or after which step it died by its fuse.
    var died: Fault? { state.withLock { $0.died } }

    func kill() { state.withLock { $0.isAlive = false } }
    func setFuse(_ steps: Int) { state.withLock { $0.fuse = steps } }
    func setDiskFull(_ isFull: Bool) { state.withLock { $0.isDiskFull = isFull } }

    /// To be asked at each step of a store.
    ///
    /// - Parameter refused: told when a full disk refuses a transaction.
    func probe(_ refused: @escaping @Sendable () -> Void) -> TransactionProbe {
        { [self] step in
            // Others come between any two steps.
            await DeterministicExecutor.turn()
            try state.withLock { state in
                if state.isAlive, let fuse = state.fuse {
                    state.fuse = fuse - 1
                    if fuse <= 0, step != .willRead {
                        state.isAlive = false
                        state.died = step == .didWrite ? .crashAfterCommit : .crashBeforeCommit
                    }
                }
                guard state.isAlive else { throw PowerLost() }
                guard state.isDiskFull, step == .willWrite else { return }
                refused()
                throw DatabaseError(resultCode: .SQLITE_FULL)
            }
        }
    }
}
