import ChangeLog
import Synchronization

/// Wakes what waits for the next commit.
///
/// A waiter names the newest position that had been announced before it looked, so that no commit is
/// missed. Time is counted in ticks of one task for all who wait: thousands of streams do, and a timer for
/// each would be the larger part of what an idle one costs.
final class FanOut: Sendable {
    /// The longest that a waiter waits.
    static let silence = Duration.seconds(15)
    private static let ticks: UInt64 = 3

    private struct Waiter {
        /// Told whether the time ran out.
        let continuation: CheckedContinuation<Bool, Never>
        /// The tick with which its time runs out.
        let end: UInt64
    }

    private struct State {
        var head = Position.origin
        var isClosed = false
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: Waiter] = [:]
        var tick: UInt64 = 0
        /// Runs while anybody waits.
        var ticker: Task<Void, Never>?

        /// Takes out those who are to be woken. First come, first served: a dictionary has another order in
        /// each run.
        mutating func take(_ isWoken: (Waiter) -> Bool) -> [Waiter] {
            let numbers = waiters.filter { isWoken($0.value) }.keys.sorted()
            return numbers.compactMap { waiters.removeValue(forKey: $0) }
        }
    }

    private let state = Mutex(State())
    private let sleep: @Sendable (Duration) async throws -> Void
    private let onWake: @Sendable (Int) -> Void

    /// - Parameters:
    ///   - sleep: returns after so long, or throws when its task is cancelled.
    ///   - onWake: told how many were woken, where there were any.
    init(
        sleep: @escaping @Sendable (Duration) async throws -> Void,
        onWake: @escaping @Sendable (Int) -> Void = { _ in }
    ) {
        self.sleep = sleep
        self.onWake = onWake
    }

    deinit { state.withLock { $0.ticker }?.cancel() }

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
        wake { state in
            state.isClosed = true
            state.ticker?.cancel()
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiters = state.withLock { state in
            change(&state)
            return state.take { _ in true }
        }
        for waiter in waiters { waiter.continuation.resume(returning: false) }
        if !waiters.isEmpty { onWake(waiters.count) }
    }

    /// Waits for a later position, until this is closed, until the task is cancelled, or until it has been
    /// quiet for two thirds of `silence` at least and all of it at most.
    ///
    /// - Returns: whether it was quiet until the end.
    func isQuiet(beyond head: Position) async -> Bool {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.head > head || state.isClosed || Task.isCancelled { return true }
                    state.waiters[number] = Waiter(continuation: continuation, end: state.tick + Self.ticks)
                    if state.ticker == nil { state.ticker = ticker() }
                    return false
                }
                if isDone { continuation.resume(returning: false) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.continuation.resume(returning: false)
        }
    }

    private func ticker() -> Task<Void, Never> {
        Task { [weak self, sleep] in
            repeat {
                do { try await sleep(Self.silence / Int(Self.ticks)) } catch {
                    // Cancelled: this is closed, and nobody waits.
                    return
                }
            } while self?.tick() == true
        }
    }

    /// Lets those go whose time runs out.
    ///
    /// - Returns: whether anybody waits on.
    private func tick() -> Bool {
        let (waiters, goesOn) = state.withLock { state in
            state.tick += 1
            let tick = state.tick
            let waiters = state.take { $0.end <= tick }
            if state.waiters.isEmpty { state.ticker = nil }
            return (waiters, state.ticker != nil)
        }
        for waiter in waiters { waiter.continuation.resume(returning: true) }
        return goesOn
    }
}
