import Synchronization

/// What happened, in words, and how often each fault did; and what was found to be wrong.
final class WorldLog: Sendable {
    private struct State {
        var lines: [String] = []
        var faults = FaultCounts()
        var breaches: [Breach] = []
    }

    private let state = Mutex(State())
    private let clock: VirtualClock
    private let start: Int64

    init(clock: VirtualClock) {
        self.clock = clock
        start = clock.now
    }

    var lines: [String] { state.withLock { $0.lines } }
    var faults: FaultCounts { state.withLock { $0.faults } }
    var breaches: [Breach] { state.withLock { $0.breaches } }

    func note(_ line: String) {
        let seconds = Double(clock.now - start) / 1000
        state.withLock { $0.lines.append("\(seconds) s  \(line)") }
    }

    func count(_ fault: Fault) { state.withLock { $0.faults.add(fault) } }

    func report(_ checker: Checker, _ message: String) {
        note("BREACH of \(checker.rawValue): \(message)")
        state.withLock { $0.breaches.append(Breach(checker: checker, message: message)) }
    }
}

/// Which promise was broken.
public enum Checker: String, Hashable, Sendable, CaseIterable {
    /// Replicas with one cursor hold the same, and what is read is what the log gives.
    case convergence
    /// Each edit is in the merged state, superseded by one whose author had seen it, a candidate, in a
    /// tray, held or waiting, or taken back.
    case nothingLost = "nothing lost"
    /// A verdict moves in one direction only, and an accepted change keeps its place.
    case verdicts
    /// People read what they wrote, cursors do not go back, actions are whole.
    case causality
    /// A device is given what its person may read, and nothing else.
    case noLeak = "no leak"
    /// Once the network is well, queues are empty.
    case quiescence
    /// Once all is there, nothing is sent again.
    case noEcho = "no echo"
    /// A server that has forgotten something is found out.
    case rollback
    /// Nothing fails but by what was done to it.
    case errors
}

public struct Breach: Hashable, Sendable {
    public let checker: Checker
    public let message: String
}
