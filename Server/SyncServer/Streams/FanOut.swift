import ChangeLog
import Synchronization

/// Wakes what waits for the next commit.
///
/// A waiter names the newest position that had been announced before it looked, so that no commit is
/// missed.
final class FanOut: Sendable {
    private struct Waiter {
        /// Told whether the time ran out.
        let continuation: CheckedContinuation<Bool, Never>
        let timer: Task<Void, Never>
    }

    private struct State {
        var head = Position.origin
        var isClosed = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
    }

    private let state = Mutex(State())
    private let onWake: @Sendable (Int) -> Void

    /// - Parameter onWake: told how many were woken, where there were any.
    init(onWake: @escaping @Sendable (Int) -> Void = { _ in }) { self.onWake = onWake }

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
            // First come, first served: a dictionary has another order in each run.
            return state.waiters.sorted { $0.key < $1.key }.map(\.value)
        }
        for waiter in waiters { Self.release(waiter, isQuiet: false) }
        if !waiters.isEmpty { onWake(waiters.count) }
    }

    /// Waits for a later position, until this is closed, or until the task is cancelled.
    ///
    /// - Parameter time: returns when it has been quiet for long enough.
    /// - Returns: whether that came first.
    func isQuiet(
        beyond head: Position, during time: @escaping @Sendable () async throws -> Void
    ) async -> Bool {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.head > head || state.isClosed || Task.isCancelled { return true }
                    // The timer finds its waiter: it needs this lock.
                    state.waiters[number] = Waiter(continuation: continuation, timer: timer(number, time))
                    return false
                }
                if isDone { continuation.resume(returning: false) }
            }
        } onCancel: {
            release(number, isQuiet: false)
        }
    }

    /// One task and no group: thousands of streams wait like this.
    private func timer(
        _ number: UInt64, _ time: @escaping @Sendable () async throws -> Void
    ) -> Task<Void, Never> {
        Task {
            do { try await time() } catch {
                // Cancelled: the commit came first, or the reader has gone.
                return
            }
            release(number, isQuiet: true)
        }
    }

    private func release(_ number: UInt64, isQuiet: Bool) {
        guard let waiter = state.withLock({ $0.waiters.removeValue(forKey: number) }) else { return }
        Self.release(waiter, isQuiet: isQuiet)
    }

    private static func release(_ waiter: Waiter, isQuiet: Bool) {
        waiter.timer.cancel()
        waiter.continuation.resume(returning: isQuiet)
    }
}
