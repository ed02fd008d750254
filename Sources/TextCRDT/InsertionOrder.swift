/// Where an insertion goes among those that its author had not seen: FugueMax.
///
/// Source: Weidner & Kleppmann, "The Art of the Fugue" (2023). Written as a scan over the list, in the line
/// of Yjs and its descendants, where the paper has a tree (so does `DocumentOrder`, which orders all at
/// once): runs typed at one place never interleave, be they typed forwards or backwards. What is left over is
/// a tie, and goes to the lower event id.
struct InsertionOrder {
    /// The neighbours of the new scalar in the version it was inserted into.
    let left: UInt32
    let right: UInt32
    let event: Int

    /// Whether there can be a version in which these are neighbours. The left neighbour of the right one is there too,
    /// and stands before it: it is the left one, or before that. Where this holds, and only there, the scan below and
    /// the tree are known to agree, so forged neighbours have to keep to it.
    func isPossible(in tree: OrderTree, _ log: EditLog) -> Bool {
        if right == EditLog.edge { return true }
        let hook = log.neighbours(of: right).left
        if hook == left { return true }
        guard left != EditLog.edge, tree.precedes(left, right) else { return false }
        return hook == EditLog.edge || tree.precedes(hook, left)
    }

    /// The place of the new scalar between its neighbours; `start` is right after the left one.
    func place(from start: OrderTree.Place, in tree: OrderTree, _ log: EditLog, _ graph: CausalGraph)
        -> OrderTree.Place
    {
        var cursor = start
        var place = start
        // While true, the new scalar may still belong where the doubt began: that is settled by the next
        // sibling, or by the end.
        var inDoubt = false
        while let run = tree.next(&cursor) {
            let scalar = run.scalar + UInt32(cursor.offset)
            if scalar == right { break }
            if !inDoubt { place = cursor }
            let other = log.neighbours(of: scalar)
            if other.left != left {
                // What hangs on a scalar that was passed goes with it; what hangs on one before ends it.
                guard let hook = Self.named(other.left), left == EditLog.edge || tree.precedes(left, hook)
                else { return place }
            } else if other.right == right {
                if graph.isLower(event, than: log.event(of: scalar)) { return place }
                inDoubt = false
            } else {
                // Of two siblings the one with the farther right neighbour comes first.
                inDoubt =
                    Self.named(other.right).map { hook in
                        right == EditLog.edge || tree.precedes(hook, right)
                    } ?? false
            }
            // Another insertion may go on in the same run.
            let end = log.scalars(of: log.insertion(of: scalar)).upperBound
            cursor.offset = min(Int(run.count), end - Int(run.scalar))
        }
        return inDoubt ? place : cursor
    }

    private static func named(_ scalar: UInt32) -> UInt32? { scalar == EditLog.edge ? nil : scalar }
}
