/// The replay of operations that are given by index: the document order, with one version prepared in it.
///
/// Source: Gentle & Kleppmann, "Collaborative Text Editing with Eg-walker" (2024). Three verbs carry it: the
/// prepared version *retreats* from what the next event had not seen and *advances* over what it had; then
/// the event is *applied*, and its indexes mean what its author meant. All three go by runs, and cost the
/// logarithm of their number for each; where an event follows on the last one, nothing is retreated.
/// Nothing has to be cleared at a version that all have seen: the tree then is what it would be made anew.
package struct TextReplay: Sendable {
    package private(set) var tree: OrderTree
    /// The prepared version.
    private(set) var version: [Int]

    /// Everything prepared, of all scalars in their order.
    init(_ order: [Range<UInt32>], _ log: EditLog, _ graph: CausalGraph) {
        tree = OrderTree(order, log)
        version = graph.heads
    }

    /// Of events that inserted nothing.
    init(_ graph: CausalGraph) {
        tree = OrderTree()
        version = graph.heads
    }

    /// Length of the prepared version.
    var length: Int { tree.length }

    /// Makes `target` the prepared version.
    mutating func move(to target: [Int], _ log: EditLog, _ graph: CausalGraph) {
        guard version != target else { return }
        let (back, forth) = graph.difference(from: version, to: target)
        for events in back {
            log.forEachDeleted(by: events) { tree.change($0, by: -1) }
            log.forEachInserted(by: events) { tree.change($0, by: -1) }
        }
        for events in forth {
            log.forEachInserted(by: events) { tree.change($0, by: 1) }
            log.forEachDeleted(by: events) { tree.change($0, by: 1) }
        }
        version = target
    }

    /// Adds the latest event of the graph, whose operations were checked and whose parents are prepared.
    mutating func apply(_ operations: [TextOperation], _ log: inout EditLog, _ graph: CausalGraph) {
        let event = graph.count - 1
        for operation in operations {
            switch operation {
            case .insert(let index, let text): insert(text, at: index, by: event, &log, graph)
            case .delete(let index, let count): delete(count, at: index, by: event, &log)
            }
        }
        version = [event]
    }

    mutating func insert(
        _ text: String, at index: Int, by event: Int, _ log: inout EditLog, _ graph: CausalGraph
    ) {
        var place = tree.place(after: index)
        let left = tree.scalar(before: place)
        var ahead = place
        var right = EditLog.edge
        var isAlone = true
        while let run = tree.next(&ahead) {
            if run.isInserted {
                right = run.scalar + UInt32(ahead.offset)
                break
            }
            isAlone = false
            ahead.offset = Int(run.count)
        }
        if !isAlone {
            place = InsertionOrder(left: left, right: right, event: event).place(
                from: place, in: tree, log, graph)
        }
        let count = text.utf8.count == 1 ? 1 : text.unicodeScalars.count
        log.insert(count, by: EventSpan(event), left: left, right: right)
        tree.insert(count, at: place, state: 1)
        log.appendScalars(text)
    }

    /// Puts the next scalars by name, which are not prepared, between the neighbours that the first had; false where
    /// these cannot have been neighbours.
    mutating func integrate(
        _ count: Int, by event: Int, left: UInt32, right: UInt32, _ log: EditLog, _ graph: CausalGraph
    ) -> Bool {
        let order = InsertionOrder(left: left, right: right, event: event)
        guard order.isPossible(in: tree, log) else { return false }
        var start = OrderTree.Place(leaf: tree.firstLeaf, slot: 0, offset: 0)
        if left != EditLog.edge {
            start = tree.place(of: left)
            start.offset += 1
        }
        tree.insert(count, at: order.place(from: start, in: tree, log, graph), state: 0)
        return true
    }

    private mutating func delete(_ count: Int, at index: Int, by event: Int, _ log: inout EditLog) {
        var rest = count
        while rest > 0 {
            // What was there before is gone: the next one has the same index.
            let place = tree.place(before: index)
            let scalar = Int(tree.scalar(at: place))
            let changed = tree.changeRun(at: place, atMost: rest, by: 1)
            log.delete(scalar..<scalar + changed, by: event)
            rest -= changed
        }
    }
}
