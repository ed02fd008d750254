import TextCRDT

/// *What*: the operations, replayed over the graph.
///
/// Source: Gentle & Kleppmann, "Collaborative Text Editing with Eg-walker" (2024). Three verbs carry it: the
/// prepared version *retreats* from what the next event had not seen and *advances* over what it had; then
/// the event is *applied*, and its indexes mean what its author meant. Left out on purpose: runs as one
/// record, and forgetting what all have seen. Every scalar is a record of its own for ever.
struct SimpleReplay: Sendable {
    /// What an event did, in terms that hold in every version.
    struct Effect: Sendable {
        var inserted: Range<Int>
        var deleted: [Int] = []
        /// Length of the text right after the event, in the version that it made.
        var length = 0
    }

    private(set) var sequence = SimpleSequence()
    private(set) var effects: [Effect] = []
    /// The prepared version.
    private(set) var version: [Int] = []

    /// Makes `target` the prepared version.
    mutating func move(to target: [Int], in graph: SimpleGraph) {
        guard version != target else { return }
        let (back, forth) = graph.difference(from: version, to: target)
        for event in back { retreat(event) }
        for event in forth { advance(event) }
        version = target
    }

    /// Adds the latest event of the graph, whose operations were checked and whose parents are prepared.
    mutating func apply(_ operations: [TextOperation], of event: Int, in graph: SimpleGraph) {
        precondition(event == effects.count && version == graph.parents[event], "move first")
        let first = sequence.nodes.count
        effects.append(Effect(inserted: first..<first))
        for operation in operations {
            switch operation {
            case .insert(let index, let text):
                insert(text.unicodeScalars, at: index, by: event, ids: graph.ids)
            case .delete(let index, let count):
                delete(count, at: index, by: event)
            }
        }
        effects[event].inserted = first..<sequence.nodes.count
        effects[event].length = sequence.length
        version = [event]
    }

    private mutating func retreat(_ event: Int) {
        for node in effects[event].deleted { sequence.change(node, by: -1) }
        for node in effects[event].inserted { sequence.change(node, by: -1) }
    }

    private mutating func advance(_ event: Int) {
        for node in effects[event].inserted { sequence.change(node, by: 1) }
        for node in effects[event].deleted { sequence.change(node, by: 1) }
    }

    private mutating func insert(
        _ scalars: String.UnicodeScalarView, at index: Int, by event: Int, ids: [TextEventID]
    ) {
        var place = sequence.place(after: index)
        let left = sequence.node(before: place)
        var ahead = place
        var unseen: [Int] = []
        var right = SimpleSequence.edge
        while let node = sequence.next(&ahead) {
            if sequence.nodes[node].isInserted {
                right = node
                break
            }
            unseen.append(node)
        }
        let order = SimpleOrder(left: left, right: right, id: ids[event])
        for _ in 0..<order.position(among: unseen, of: sequence.nodes, ids: ids) {
            _ = sequence.next(&place)
        }
        _ = sequence.insert(scalars, by: event, left: left, right: right, at: place)
    }

    private mutating func delete(_ count: Int, at index: Int, by event: Int) {
        var place = sequence.place(after: index)
        var remaining = count
        while remaining > 0, let node = sequence.nextPresent(&place) {
            sequence.change(node, by: 1)
            effects[event].deleted.append(node)
            remaining -= 1
        }
    }
}

extension SimpleReplay {
    /// The scalars that are present in a version, in document order.
    ///
    /// Computed from the effects alone, not from the prepared version.
    func present(in version: [Int], of graph: SimpleGraph) -> [Int] {
        let isMember = graph.membership(in: version)
        var isDeleted = [Bool](repeating: false, count: sequence.nodes.count)
        for (event, effect) in effects.enumerated() where isMember[event] {
            for node in effect.deleted { isDeleted[node] = true }
        }
        return sequence.inOrder().filter { isMember[sequence.nodes[$0].event] && !isDeleted[$0] }
    }
}
