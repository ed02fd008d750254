import OfflineReplica
import Synchronization

/// Tells the programs on one folder of each other's commits, on the simulation's thread.
final class CommitBell: CommitSignal {
    private struct State {
        var next = 0
        var handlers: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Mutex(State())

    /// They hear of it some time later, in an order that the seed decides.
    func raise() {
        for number in state.withLock({ $0.handlers.keys.sorted() }) {
            Task { [self] in state.withLock { $0.handlers[number] }?() }
        }
    }

    func watch(_ handler: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let number = state.withLock { state in
            state.next += 1
            state.handlers[state.next] = handler
            return state.next
        }
        return { [self] in state.withLock { _ = $0.handlers.removeValue(forKey: number) } }
    }
}
