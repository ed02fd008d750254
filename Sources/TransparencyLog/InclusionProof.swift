public import ChangeLog

/// The siblings on the way from a leaf to the root: whoever has them computes the root, and nobody can
/// make them for a leaf that is not there (RFC 9162, section 2.1.3).
public struct InclusionProof: Hashable, Sendable {
    /// Of the leaf, from 0.
    public let index: UInt64
    /// The number of leaves of the tree.
    public let size: UInt64
    /// From the leaf up.
    public let path: [ChangeHash]

    public init(index: UInt64, size: UInt64, path: [ChangeHash]) {
        self.index = index
        self.size = size
        self.path = path
    }

    /// Makes a proof from the complete subtrees of a tree, some two for each level.
    ///
    /// nil when the tree has no such leaf.
    public init?(
        of index: UInt64, in size: UInt64, hash: HashFunction, node: (TreeNode) throws -> ChangeHash
    ) rethrows {
        guard index < size else { return nil }
        var path: [ChangeHash] = []
        var (first, count) = (UInt64(0), size)
        while count > 1 {
            let split = MerkleTree.split(count)
            if index - first < split {
                path.append(
                    try MerkleTree.root(from: first + split, count: count - split, hash: hash, node: node))
                count = split
            } else {
                path.append(try MerkleTree.root(from: first, count: split, hash: hash, node: node))
                (first, count) = (first + split, count - split)
            }
        }
        self.init(index: index, size: size, path: path.reversed())
    }

    /// Whether the leaf with this hash stands at `index` of the tree with this root.
    ///
    /// Any proof gives an answer; a path of another length than the tree has levels is wrong.
    public func proves(_ leaf: ChangeHash, under root: ChangeHash, hash: HashFunction) -> Bool {
        guard index < size else { return false }
        var (place, last) = (index, size - 1)
        var node = leaf
        for sibling in path {
            guard last > 0 else { return false }
            if place & 1 == 1 || place == last {
                node = MerkleTree.node(sibling, node, hash: hash)
                // Where the tree ends here, levels without a sibling are passed over.
                while place & 1 == 0, place > 0 { (place, last) = (place >> 1, last >> 1) }
            } else {
                node = MerkleTree.node(node, sibling, hash: hash)
            }
            (place, last) = (place >> 1, last >> 1)
        }
        return last == 0 && node == root
    }
}
