public import ChangeLog

/// What the server decided about a change: durable, and the same however often it is asked.
public enum Verdict: Hashable, Sendable {
    /// In the order, at this position. The effective time is the earlier of the change's stamp and
    /// its first receipt, never before that of the replica's previous accepted change there.
    case accepted(Position, effective: HybridTime)
    /// Kept, but out of the order, until the secretariat releases or declines it.
    case held(Reason)
    /// Received, and judged once the change before it is: `behind` is that change's number, or the
    /// unknown one before it (0 when the number is not known).
    case waiting(behind: UInt64)
    /// Not allowed; it goes to its author's tray.
    case refused(Reason)
}

/// A change and what was decided about it.
public struct VerdictEntry: Hashable, Sendable {
    public let change: ChangeID
    public let verdict: Verdict

    public init(change: ChangeID, verdict: Verdict) {
        self.change = change
        self.verdict = verdict
    }
}
