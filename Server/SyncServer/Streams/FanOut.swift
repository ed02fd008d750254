import ChangeLog
import Synchronization

/// Wakes what waits for the next commit.
///
/// A waiter names the newest position that had been announced before it looked, so that no commit is
/// missed.
final class FanOut: Sendable {
    private struct State {
        var head = Position.origin
        var isClosed = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// The newest position that has been announced.
    var head: Position { state.withLock { $0.head } }
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Wakes those who wait for a later position than they have seen.
    func announce(_ head: Position) {
        guard head > self.head else { return }
        wake { $0.head = max($0.head, head) }
    }

    /// Lets every waiter go, now and later.
    func close() {
        wake { $0.isClosed = true }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns when there is a later position, when this is closed, or when the task is cancelled.
    func wait(beyond head: Position) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.head > head || state.isClosed || Task.isCancelled { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: number) }
            waiter?.resume()
        }
    }
}
