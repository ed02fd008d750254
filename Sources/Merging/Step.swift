import ChangeLog

/// The one order in which a fold walks: by position, what has none last, by replica and number; inside
/// a change by the index of the operation.
///
/// Nothing may be *decided* by it but what the policies name ("the lowest position"). Every step comes
/// after all that it saw: a change that claims to have seen what stands behind it is not believed.
struct Rank: Hashable, Comparable {
    /// nil behind everything that has one.
    let position: Position?
    let change: ChangeID
    let index: Int

    static func < (left: Rank, right: Rank) -> Bool {
        switch (left.position, right.position) {
        case (let first?, let second?) where first != second: first < second
        case (.some, .none): true
        case (.none, .some): false
        default: (left.change, left.index) < (right.change, right.index)
        }
    }
}

/// One operation of one change, as the folds of the policies see it.
struct Step {
    let envelope: Envelope
    let operation: Operation
    let rank: Rank
    /// The effective time, or the author's stamp as long as there is none.
    let time: HybridTime
    let lineage: Lineage

    init(_ entry: LogEntry, _ index: Int) {
        envelope = entry.change.envelope
        operation = entry.change.operations[index]
        rank = Rank(position: entry.placement.position, change: entry.id, index: index)
        time = entry.placement.time(of: envelope)
        lineage = entry.lineage
    }

    var change: ChangeID { envelope.id }
    var isPending: Bool { rank.position == nil }

    /// Whether the author of this step had the other in view.
    func sees(_ other: Step) -> Bool {
        guard other.rank < rank else { return false }
        return other.change == change || saw(other.change, at: other.rank.position)
    }

    /// Whether its change was made with another one in view.
    func saw(_ other: ChangeID, at position: Position?) -> Bool {
        envelope.saw(other, at: position, lineage: lineage)
    }

    /// Whether a change is of its replica, or of one that this continues, up to there.
    func owns(_ other: ChangeID) -> Bool {
        other.replica == change.replica || lineage.includes(other)
    }

    /// The order of what is shown where values compete: a total one, the same everywhere.
    static func isEarlier(_ left: Step, _ right: Step) -> Bool {
        (left.time, left.change, left.rank.index) < (right.time, right.change, right.rank.index)
    }
}

extension Placement {
    func time(of envelope: Envelope) -> HybridTime {
        if case .accepted(_, let effective) = self { effective } else { envelope.time }
    }
}
