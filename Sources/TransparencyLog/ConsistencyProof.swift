public import ChangeLog

/// The nodes that two roots have in common: whoever has them computes both, so that the later list
/// begins with the whole of the earlier one (RFC 9162, section 2.1.4).
public struct ConsistencyProof: Hashable, Sendable {
    /// The number of leaves of the earlier tree.
    public let first: UInt64
    /// The number of leaves of the later one.
    public let second: UInt64
    public let path: [ChangeHash]

    public init(first: UInt64, second: UInt64, path: [ChangeHash]) {
        self.first = first
        self.second = second
        self.path = path
    }

    /// Makes a proof from the complete subtrees of the later tree, some two for each level.
    ///
    /// It is empty from the empty tree, and between equal sizes. nil when the tree has shrunk.
    public init?(
        from first: UInt64, to second: UInt64, hash: HashFunction, node: (TreeNode) throws -> ChangeHash
    ) rethrows {
        guard first <= second else { return nil }
        guard first > 0, first < second else {
            self.init(first: first, second: second, path: [])
            return
        }
        var path: [ChangeHash] = []
        var (start, count, rest) = (UInt64(0), second, first)
        while rest < count {
            let split = MerkleTree.split(count)
            if rest <= split {
                path.append(
                    try MerkleTree.root(from: start + split, count: count - split, hash: hash, node: node))
                count = split
            } else {
                path.append(try MerkleTree.root(from: start, count: split, hash: hash, node: node))
                (start, count, rest) = (start + split, count - split, rest - split)
            }
        }
        // The earlier tree itself is known to whoever asks.
        if start > 0 { path.append(try MerkleTree.root(from: start, count: count, hash: hash, node: node)) }
        self.init(first: first, second: second, path: path.reversed())
    }

    /// Whether the tree with the root `later` begins with that of the root `earlier`.
    ///
    /// Any proof gives an answer. Nothing is known of what an empty tree had for a root, and so it fits.
    public func proves(_ earlier: ChangeHash, in later: ChangeHash, hash: HashFunction) -> Bool {
        guard first > 0, first < second else {
            return path.isEmpty && (first == 0 || (first == second && earlier == later))
        }
        var nodes = path[...]
        // A tree of a power of two leaves is a node of the later one, and is left out of the path.
        guard let seed = first & (first - 1) == 0 ? earlier : nodes.popFirst() else { return false }
        var (place, last) = (first - 1, second - 1)
        while place & 1 == 1 { (place, last) = (place >> 1, last >> 1) }
        var (old, new) = (seed, seed)
        for node in nodes {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                old = MerkleTree.node(node, old, hash: hash)
                new = MerkleTree.node(node, new, hash: hash)
                while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                new = MerkleTree.node(new, node, hash: hash)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && old == earlier && new == later
    }
}
