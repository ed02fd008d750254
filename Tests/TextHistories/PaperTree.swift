package import TextCRDT

/// What a text is, by the letter of the papers, and by nothing that the engine has: of each event the set of all that it
/// had seen; and of each scalar a node in the tree of FugueMax, in a plain array. Everything is found by walking all.
///
/// Source: Weidner & Kleppmann, "The Art of the Fugue" (2023), section on FugueMax. A set is a number with a bit for
/// each event, so there are at most 64.
package struct PaperTree: Sendable {
    struct Node: Sendable {
        let scalar: Unicode.Scalar
        let event: Int
        let parent: Int
        let isLeft: Bool
        /// The node that followed the left neighbour; `root` stands for the end.
        let rightOrigin: Int
        var deleters: UInt64 = 0
    }

    static let root = -1

    private(set) var nodes: [Node] = []
    /// The children of a node on each side, in order: the first one, and after each the next; the root's are last.
    private var first: [(left: Int, right: Int)] = []
    private var rootFirst = Self.none
    private var next: [Int] = []
    private static let none = -2

    package private(set) var ids: [TextEventID] = []
    /// Of each event all that it had seen, itself not included.
    package private(set) var pasts: [UInt64] = []
    /// All nodes in the order of the document, and where each stands.
    private(set) var order: [Int] = []
    private var ranks: [Int] = []

    package init() {}

    /// Everything that is known.
    package var all: UInt64 { ids.isEmpty ? 0 : .max >> UInt64(64 - ids.count) }

    /// What somebody has who has these events.
    package func closure(_ events: UInt64) -> UInt64 {
        var seen = events
        for event in pasts.indices where events >> UInt64(event) & 1 == 1 { seen |= pasts[event] }
        return seen
    }

    /// Those of a set that no other one in it has seen.
    package func heads(of set: UInt64) -> UInt64 {
        var heads = set
        for event in pasts.indices where set >> UInt64(event) & 1 == 1 { heads &= ~pasts[event] }
        return heads
    }

    /// A further event, made in sight of others; what it does is told by `insert` and `delete`.
    package mutating func begin(_ id: TextEventID, seeing past: UInt64) {
        ids.append(id)
        pasts.append(past)
    }

    /// What the newest event sees.
    private var view: UInt64 { pasts[pasts.count - 1] | 1 << UInt64(pasts.count - 1) }

    package mutating func insert(_ text: String, at start: Int) {
        var index = start
        for scalar in text.unicodeScalars {
            insert(scalar, at: index)
            index += 1
        }
    }

    private mutating func insert(_ scalar: Unicode.Scalar, at index: Int) {
        let left = index == 0 ? Self.root : visible(in: view)[index - 1]
        var place = left == Self.root ? 0 : ranks[left] + 1
        while place < order.count, !isSeen(order[place], by: view) { place += 1 }
        let right = place < order.count ? order[place] : Self.root
        let event = ids.count - 1
        if right != Self.root, isBelow(right, left) {
            add(Node(scalar: scalar, event: event, parent: right, isLeft: true, rightOrigin: Self.root))
        } else {
            add(Node(scalar: scalar, event: event, parent: left, isLeft: false, rightOrigin: right))
        }
    }

    package mutating func delete(at index: Int, count: Int) {
        for node in visible(in: view)[index..<index + count] {
            nodes[node].deleters |= 1 << UInt64(ids.count - 1)
        }
    }

    private func isSeen(_ node: Int, by set: UInt64) -> Bool { set >> UInt64(nodes[node].event) & 1 == 1 }

    /// The nodes that stand in a version, in order.
    func visible(in set: UInt64) -> [Int] {
        order.filter { isSeen($0, by: set) && nodes[$0].deleters & set == 0 }
    }

    package func length(in set: UInt64) -> Int {
        var length = 0
        for node in nodes where set >> UInt64(node.event) & 1 == 1 && node.deleters & set == 0 { length += 1 }
        return length
    }

    package func text(in set: UInt64) -> String {
        var text = String.UnicodeScalarView()
        for node in order where isSeen(node, by: set) && nodes[node].deleters & set == 0 {
            text.append(nodes[node].scalar)
        }
        return String(text)
    }

    /// Whether a node is in the subtree of another one.
    private func isBelow(_ node: Int, _ ancestor: Int) -> Bool {
        var node = node
        while node != Self.root {
            node = nodes[node].parent
            if node == ancestor { return true }
        }
        return false
    }

    // MARK: The tree

    private mutating func add(_ node: Node) {
        let number = nodes.count
        nodes.append(node)
        first.append((Self.none, Self.none))
        next.append(Self.none)
        // Among the siblings, in their order.
        var before = Self.none
        var sibling = firstChild(of: node.parent, isLeft: node.isLeft)
        while sibling != Self.none, precedes(sibling, number) {
            before = sibling
            sibling = next[sibling]
        }
        next[number] = sibling
        if before != Self.none {
            next[before] = number
        } else if node.parent == Self.root {
            rootFirst = number
        } else if node.isLeft {
            first[node.parent].left = number
        } else {
            first[node.parent].right = number
        }
        order.removeAll(keepingCapacity: true)
        walkChildren(from: rootFirst)
        ranks.append(0)
        for (rank, node) in order.enumerated() { ranks[node] = rank }
    }

    private func firstChild(of node: Int, isLeft: Bool) -> Int {
        if node == Self.root { return isLeft ? Self.none : rootFirst }
        return isLeft ? first[node].left : first[node].right
    }

    private mutating func walkChildren(from start: Int) {
        var child = start
        while child != Self.none {
            walkChildren(from: first[child].left)
            order.append(child)
            walkChildren(from: first[child].right)
            child = next[child]
        }
    }

    /// The order of siblings: on the right, who had the farther right neighbour comes first; then by id.
    private func precedes(_ sibling: Int, _ other: Int) -> Bool {
        let (one, two) = (nodes[sibling], nodes[other])
        if !one.isLeft, one.rightOrigin != two.rightOrigin {
            if one.rightOrigin == Self.root { return true }
            return two.rightOrigin != Self.root && ranks[one.rightOrigin] > ranks[two.rightOrigin]
        }
        return (ids[one.event], sibling) < (ids[two.event], other)
    }
}
