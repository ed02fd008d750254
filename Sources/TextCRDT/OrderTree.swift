/// Every scalar that was ever inserted, in document order, those that were deleted included: a B-tree of runs.
///
/// A run carries its state in one version, the *prepared* one, which the replay moves about. Nodes and leaves
/// are numbers into flat arrays, and for each scalar the number of its leaf is kept, so that a run is found
/// by index, from the root down, and by name, from the leaf up.
package struct OrderTree: Sendable {
    /// Consecutive scalars that stand side by side, in one state.
    struct Run: Sendable {
        var scalar: UInt32
        var count: UInt32
        /// In the prepared version: 0 not inserted yet, 1 present, n + 1 deleted by n events.
        var state: UInt32

        var isPresent: Bool { state == 1 }
        var isInserted: Bool { state > 0 }
        var present: Int { state == 1 ? Int(count) : 0 }
    }

    /// A place between two scalars: before the one at `offset` of a run, or at the end of it.
    struct Place {
        var leaf: Int
        var slot: Int
        var offset: Int
    }

    struct Leaf: Sendable {
        var count = 0
        var parent = 0
        var next = -1
    }

    struct Node: Sendable {
        var count = 0
        /// The root has none: -1.
        var parent = -1
        /// 0 where the children are leaves.
        var level = 0
    }

    static let leafCapacity = 24
    static let fanout = 16

    /// The runs of leaf n begin at n times `leafCapacity`.
    var runs: [Run] = []
    var leaves: [Leaf] = []
    var nodes: [Node] = []
    /// The children of node n begin at n times `fanout`; so do the numbers of scalars present in them.
    var children: [UInt32] = []
    var present: [UInt32] = []
    /// For each scalar the number of its leaf.
    var home: [UInt32] = []
    var root = 0
    /// Number of scalars present in the prepared version.
    var length = 0
    /// The leftmost leaf.
    var firstLeaf = 0

    init() {
        _ = makeLeaf()
        root = makeNode(level: 0)
        nodes[root].count = 1
        children[0] = 0
    }

    // MARK: Finding

    /// The place right after the first `count` present scalars; `count` is at most `length`.
    func place(after count: Int) -> Place {
        guard count > 0 else { return Place(leaf: firstLeaf, slot: 0, offset: 0) }
        var rest = UInt32(count)
        var node = root
        while true {
            var index = node * Self.fanout
            while present[index] < rest {
                rest -= present[index]
                index += 1
            }
            if nodes[node].level == 0 {
                let leaf = Int(children[index])
                var slot = 0
                let base = leaf * Self.leafCapacity
                while true {
                    let run = runs[base + slot]
                    if run.state == 1 {
                        if run.count >= rest { return Place(leaf: leaf, slot: slot, offset: Int(rest)) }
                        rest -= run.count
                    }
                    slot += 1
                }
            }
            node = Int(children[index])
        }
    }

    /// The place right before the present scalar at this index; there is one.
    func place(before index: Int) -> Place {
        var place = place(after: index + 1)
        place.offset -= 1
        return place
    }

    /// The place right before a scalar.
    func place(of scalar: UInt32) -> Place {
        let leaf = Int(home[Int(scalar)])
        var index = leaf * Self.leafCapacity
        // Unsigned: a scalar before the run's first is far beyond its last.
        while scalar &- runs[index].scalar >= runs[index].count { index += 1 }
        return Place(
            leaf: leaf, slot: index - leaf * Self.leafCapacity, offset: Int(scalar - runs[index].scalar))
    }

    /// The scalar before the place, in its own run.
    func scalar(before place: Place) -> UInt32 {
        place.offset > 0
            ? runs[place.leaf * Self.leafCapacity + place.slot].scalar + UInt32(place.offset) - 1
            : EditLog.edge
    }

    /// The scalar right behind a place within a run.
    func scalar(at place: Place) -> UInt32 {
        runs[place.leaf * Self.leafCapacity + place.slot].scalar + UInt32(place.offset)
    }

    /// The run that goes on or begins at the place, and where; nil at the end.
    func next(_ place: inout Place) -> Run? {
        while place.slot < leaves[place.leaf].count {
            let run = runs[place.leaf * Self.leafCapacity + place.slot]
            if place.offset < Int(run.count) { return run }
            place.slot += 1
            place.offset = 0
        }
        var leaf = leaves[place.leaf].next
        while leaf >= 0, leaves[leaf].count == 0 { leaf = leaves[leaf].next }
        guard leaf >= 0 else { return nil }
        place = Place(leaf: leaf, slot: 0, offset: 0)
        return runs[leaf * Self.leafCapacity]
    }

    /// Whether one scalar stands before another one.
    func precedes(_ first: UInt32, _ second: UInt32) -> Bool {
        let (one, other) = (place(of: first), place(of: second))
        if one.leaf == other.leaf { return (one.slot, one.offset) < (other.slot, other.offset) }
        var (left, right) = (one.leaf, other.leaf)
        var (above, beside) = (leaves[left].parent, leaves[right].parent)
        while above != beside {
            (left, right) = (above, beside)
            (above, beside) = (nodes[left].parent, nodes[right].parent)
        }
        return slot(of: left, in: above) < slot(of: right, in: above)
    }

    func slot(of child: Int, in node: Int) -> Int {
        var index = node * Self.fanout
        while children[index] != child { index += 1 }
        return index - node * Self.fanout
    }

    /// Calls `body` with all runs in document order.
    func forEachRun(_ body: (Run) -> Void) {
        var leaf = firstLeaf
        while leaf >= 0 {
            for index in 0..<leaves[leaf].count { body(runs[leaf * Self.leafCapacity + index]) }
            leaf = leaves[leaf].next
        }
    }
}
