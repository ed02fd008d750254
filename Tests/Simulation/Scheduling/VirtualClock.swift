import Synchronization

/// The true time of a simulation, which moves on only when nothing else can happen, or by request.
final class VirtualClock: Sendable {
    private struct Sleeper {
        let wake: Int64
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now: Int64
        var next: UInt64 = 0
        var sleepers: [UInt64: Sleeper] = [:]
    }

    private let state: Mutex<State>

    /// - Parameter now: milliseconds since 1970 UTC.
    init(now: Int64) { state = Mutex(State(now: now)) }

    var now: Int64 { state.withLock { $0.now } }

    /// Wakes whoever sleeps until then.
    func advance(by milliseconds: Int64) {
        let due = state.withLock { state in
            state.now += milliseconds
            return Self.takeDue(&state)
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    /// Goes on to the moment when the next sleeper wakes; false when nobody sleeps.
    func skip() -> Bool {
        let wait = state.withLock { state in
            state.sleepers.values.map(\.wake).min().map { max(0, $0 - state.now) }
        }
        guard let wait else { return false }
        advance(by: wait)
        return true
    }

    private static func takeDue(_ state: inout State) -> [Sleeper] {
        let now = state.now
        let due = state.sleepers.filter { $0.value.wake <= now }
            .sorted { ($0.value.wake, $0.key) < ($1.value.wake, $1.key) }
        for sleeper in due { state.sleepers[sleeper.key] = nil }
        return due.map(\.value)
    }

    func sleep(_ duration: Duration) async throws {
        let milliseconds =
            duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
        let number = state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.sleepers[number] = Sleeper(
                        wake: state.now + milliseconds, continuation: continuation)
                    return false
                }
                if isCancelled { continuation.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
