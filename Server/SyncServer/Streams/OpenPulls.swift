import ChangeLog
import Synchronization

/// The pulls that are being answered, and how far the live ones among them have been given.
final class OpenPulls: Sendable {
    private struct Pull {
        let isLive: Bool
        var given: Position
    }

    private struct State {
        var next: UInt64 = 0
        var pulls: [UInt64: Pull] = [:]
    }

    private let state = Mutex(State())

    /// - Returns: its number, for the other functions.
    func open(isLive: Bool, at cursor: Position) -> UInt64 {
        state.withLock { state in
            state.next += 1
            state.pulls[state.next] = Pull(isLive: isLive, given: cursor)
            return state.next
        }
    }

    func close(_ number: UInt64) { state.withLock { $0.pulls[number] = nil } }

    /// The main stream of a pull has been handed over up to here.
    func given(_ number: UInt64, through position: Position) {
        state.withLock { $0.pulls[number]?.given = position }
    }

    var count: Int { state.withLock { $0.pulls.count } }
    var live: Int { state.withLock { $0.pulls.values.count(where: \.isLive) } }

    /// The newest position minus what the live pull that is furthest behind has been given; 0 without any.
    func lag(to head: Position) -> UInt64 {
        let behind = state.withLock { $0.pulls.values.filter(\.isLive).map(\.given).min() }
        guard let behind, behind < head else { return 0 }
        return head.value - behind.value
    }
}
