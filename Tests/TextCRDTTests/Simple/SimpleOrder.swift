import TextCRDT

/// Where an insertion goes among those that its author had not seen: FugueMax.
///
/// Source: Weidner & Kleppmann, "The Art of the Fugue" (2023). Written as a scan over the list, in the line
/// of Yjs and its descendants, where the paper has a tree: runs typed at one place never interleave, be they
/// typed forwards or backwards. What is left over is a tie, and goes to the lower event id.
struct SimpleOrder {
    /// The neighbours of the new scalar in the version it was inserted into.
    let left: Int
    let right: Int
    let id: TextEventID

    /// The number of scalars of `unseen` that come before the new one.
    ///
    /// `unseen` is all that stands between the neighbours now. A neighbour of one of these that is neither
    /// ours nor in the list therefore stands outside of it: before `left`, or after `right`.
    func position(among unseen: [Int], of nodes: [SimpleSequence.Node], ids: [TextEventID]) -> Int {
        guard !unseen.isEmpty else { return 0 }
        let between = Set(unseen)
        var position = 0
        // While true, the new scalar may still belong where the doubt began: that is settled by the next
        // sibling, or by the end.
        var inDoubt = false
        for (index, node) in unseen.enumerated() {
            if !inDoubt { position = index }
            let other = nodes[node]
            if other.left != left {
                // What hangs on a scalar in the list goes with it; what hangs on one before the list ends it.
                if between.contains(other.left) { continue }
                return position
            }
            if other.right == right {
                if id < ids[other.event] { return position }
                inDoubt = false
            } else {
                // Of two siblings the one with the farther right neighbour comes first.
                inDoubt = between.contains(other.right)
            }
        }
        return inDoubt ? position : unseen.count
    }
}
