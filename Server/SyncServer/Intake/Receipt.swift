import ChangeLog
import SyncProtocol

/// What came of a batch that was taken in.
struct Receipt: Sendable {
    /// The current verdict of each of its changes, in their order.
    private(set) var entries: [VerdictEntry]
    /// What was decided now: not what is told again, but with changes that had waited until now.
    private(set) var decided: [VerdictEntry]
    /// How many changes that wait were looked at again.
    private(set) var walked: Int
    /// The audiences in which more of what waits can be judged.
    private(set) var cut: Set<Int64>

    init(
        entries: [VerdictEntry] = [], decided: [VerdictEntry] = [], walked: Int = 0, cut: Set<Int64> = []
    ) {
        (self.entries, self.decided, self.walked, self.cut) = (entries, decided, walked, cut)
    }

    /// What came of the next piece of the same batch.
    mutating func add(_ next: Receipt) {
        entries += next.entries
        decided += next.decided
        // It is the same that waits.
        walked = max(walked, next.walked)
        cut.formUnion(next.cut)
    }
}

extension Settlement {
    /// What this walk has decided, by number.
    var decided: [VerdictEntry] {
        verdicts.sorted { $0.key < $1.key }.map { number, verdict in
            VerdictEntry(change: ChangeID(replica: replica.id, number: number), verdict: verdict)
        } + inherited
    }
}
