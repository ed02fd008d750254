import ChangeLog

/// How far the views of some steps reach together, by replica: whether any of them replaces another
/// step is asked once for all of them.
struct Horizon {
    /// The highest position that a replica's steps replace others' writes up to.
    private var positions: [ReplicaID: (position: Position, lineage: Lineage)] = [:]
    /// The highest number that they replace their own up to.
    private var numbers: [ReplicaID: UInt64] = [:]
    /// The change that was added last.
    private var change: ChangeID?

    /// Adds a step that stands before all that were added; it replaces what it saw, or what it saw of
    /// its own replica's.
    mutating func extend(to step: Step, isOwnOnly: Bool) {
        let (replica, base) = (step.change.replica, step.envelope.base)
        numbers[replica] = max(numbers[replica] ?? 0, base.own)
        for ancestor in step.lineage.ancestors {
            numbers[ancestor.replica] = max(numbers[ancestor.replica] ?? 0, min(base.own, ancestor.through))
        }
        if !isOwnOnly {
            let known = positions[replica]?.position ?? .origin
            positions[replica] = (max(known, base.position), step.lineage)
        }
        change = step.change
    }

    /// Whether one of the steps, all of which stand behind this one, saw it and replaces it.
    func covers(_ step: Step) -> Bool { covers(step.change, at: step.rank.position) }

    /// The same of anything that a change at this position did before all of the steps.
    func covers(_ earlier: ChangeID, at position: Position?) -> Bool {
        let replica = earlier.replica
        if earlier == change || numbers[replica].map({ earlier.number <= $0 }) ?? false { return true }
        guard let position else { return false }
        return positions.contains { key, view in
            // Of its own a replica saw what its base counts, wherever that stands.
            key != replica && position <= view.position && !view.lineage.includes(earlier)
        }
    }
}
