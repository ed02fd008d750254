import TextCRDT

/// An event as the tests hand it about.
struct Event {
    var id: TextEventID
    var parents: [TextEventID]
    var operations: [TextOperation]
}

/// The other implementation: the tree of "The Art of the Fugue", its FugueMax variant, one node for each
/// scalar, every version found by walking the whole tree. As slow and as plain as can be.
struct FugueTree {
    struct Node {
        let scalar: Unicode.Scalar
        let event: TextEventID
        /// Number of the scalar within its event.
        let number: Int
        let parent: Int
        let isLeftChild: Bool
        /// For a right child: the node that followed its left neighbour, nil at the end.
        let rightOrigin: Int?
        var deleters: Set<TextEventID> = []
    }

    static let root = -1
    private(set) var nodes: [Node] = []
    /// Each event with all that it had seen, itself not included.
    private(set) var pasts: [TextEventID: Set<TextEventID>] = [:]

    mutating func add(_ event: Event) {
        var past: Set<TextEventID> = []
        for parent in event.parents { past.formUnion(pasts[parent]!.union([parent])) }
        pasts[event.id] = past
        let seen = past.union([event.id])
        var number = 0
        for operation in event.operations {
            switch operation {
            case .insert(var index, let text):
                for scalar in text.unicodeScalars {
                    insert(scalar, at: index, by: event.id, number, seeing: seen)
                    index += 1
                    number += 1
                }
            case .delete(let index, let count):
                for node in visible(in: seen)[index..<index + count] {
                    nodes[node].deleters.insert(event.id)
                }
            }
        }
    }

    func members(of version: [TextEventID]) -> Set<TextEventID> {
        version.reduce(into: []) { $0.formUnion(pasts[$1]!.union([$1])) }
    }

    func text(of version: [TextEventID]) -> [Unicode.Scalar] {
        visible(in: members(of: version)).map { nodes[$0].scalar }
    }

    func visible(in seen: Set<TextEventID>) -> [Int] {
        walk(in: seen).filter { nodes[$0].deleters.isDisjoint(with: seen) }
    }

    /// All nodes that these events made, in document order.
    func walk(in seen: Set<TextEventID>) -> [Int] {
        var children: [Int: [Int]] = [:]
        for index in nodes.indices where seen.contains(nodes[index].event) {
            children[nodes[index].parent, default: []].append(index)
        }
        var result: [Int] = []
        // Positions of the right origins decide among right siblings; a right origin is never below them, but
        // it may come later in the walk, so compare by ancestry rather than by what was walked already.
        func visit(_ node: Int) {
            let below = children[node] ?? []
            for child in below.filter({ nodes[$0].isLeftChild }).sorted(by: isLower) { visit(child) }
            if node != Self.root { result.append(node) }
            let right = below.filter { !nodes[$0].isLeftChild }
            for child in right.sorted(by: comesFirst) { visit(child) }
        }
        visit(Self.root)
        return result
    }

    private func isLower(_ first: Int, _ second: Int) -> Bool {
        (nodes[first].event, nodes[first].number) < (nodes[second].event, nodes[second].number)
    }

    /// Right siblings stand in the reverse order of their right origins.
    private func comesFirst(_ first: Int, _ second: Int) -> Bool {
        let (one, other) = (nodes[first].rightOrigin, nodes[second].rightOrigin)
        if one == other { return isLower(first, second) }
        guard let one else { return true }
        guard let other else { return false }
        return precedes(other, one)
    }

    private func path(to node: Int) -> [Int] {
        node == Self.root ? [node] : path(to: nodes[node].parent) + [node]
    }

    /// Whether a node comes before another in document order, found at the fork of their paths.
    private func precedes(_ first: Int, _ second: Int) -> Bool {
        let one = path(to: first)
        let other = path(to: second)
        var fork = 0
        while fork < min(one.count, other.count), one[fork] == other[fork] { fork += 1 }
        if fork == one.count { return !nodes[other[fork]].isLeftChild }
        if fork == other.count { return nodes[one[fork]].isLeftChild }
        let (left, right) = (one[fork], other[fork])
        if nodes[left].isLeftChild != nodes[right].isLeftChild { return nodes[left].isLeftChild }
        return nodes[left].isLeftChild ? isLower(left, right) : comesFirst(left, right)
    }

    private mutating func insert(
        _ scalar: Unicode.Scalar, at index: Int, by event: TextEventID, _ number: Int,
        seeing seen: Set<TextEventID>
    ) {
        let all = walk(in: seen)
        let left = index == 0 ? Self.root : visible(in: seen)[index - 1]
        let after = left == Self.root ? 0 : all.firstIndex(of: left)! + 1
        let right = after < all.count ? all[after] : nil
        if let right, path(to: right).dropLast().contains(left) {
            nodes.append(
                Node(
                    scalar: scalar, event: event, number: number, parent: right, isLeftChild: true,
                    rightOrigin: nil))
        } else {
            nodes.append(
                Node(
                    scalar: scalar, event: event, number: number, parent: left, isLeftChild: false,
                    rightOrigin: right))
        }
    }
}
