import ChangeLog

/// An operation on a field, or a change inside a contained record: what a removal may not know of.
struct RecordEdit {
    let envelope: Envelope
    let placement: Placement
    /// Index of the operation; nil for a change of a contained record.
    let index: Int?

    /// The order in which edits are listed.
    var rank: Rank { Rank(position: placement.position, change: envelope.id, index: index ?? 0) }

    /// Within one change the author of either knew of the other.
    func isSeen(by step: Step) -> Bool {
        if envelope.id == step.change { return index.map { $0 < step.rank.index } ?? true }
        return rank < step.rank && step.saw(envelope.id, at: placement.position)
    }
}
