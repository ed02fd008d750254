import ChangeLog
import SyncProtocol

/// What came of a batch that was taken in.
struct Receipt: Sendable {
    /// The current verdict of each of its changes, in their order.
    let entries: [VerdictEntry]
    /// What was decided now: not what is told again, but with changes that had waited until now.
    let decided: [VerdictEntry]
    /// How many changes that wait were looked at again.
    let walked: Int
}

extension Settlement {
    /// What this walk has decided, by number.
    var decided: [VerdictEntry] {
        verdicts.sorted { $0.key < $1.key }.map { number, verdict in
            VerdictEntry(change: ChangeID(replica: replica.id, number: number), verdict: verdict)
        } + inherited
    }
}
