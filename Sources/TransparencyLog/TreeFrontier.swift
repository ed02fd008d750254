public import ChangeLog

/// The right edge of a growing tree: all that its root and its next leaf need, one hash for each bit of
/// its size.
public struct TreeFrontier: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: UInt64
    /// The roots of the complete subtrees, the largest first.
    private var roots: [ChangeHash]

    /// Of the empty tree.
    public init() {
        size = 0
        roots = []
    }

    /// Of a tree whose complete subtrees are kept somewhere.
    public init(size: UInt64, node: (TreeNode) throws -> ChangeHash) rethrows {
        self.size = size
        roots = try TreeNode.complete(from: 0, count: size).map(node)
    }

    /// Adds a leaf, given its hash.
    ///
    /// - Returns: the hashes of the subtrees that are complete now, the leaf itself first, in the order of
    ///   `TreeNode.ordinal`.
    @discardableResult
    public mutating func append(_ leaf: ChangeHash, hash: HashFunction) -> [ChangeHash] {
        var complete = [leaf]
        var root = leaf
        for _ in 0..<size.trailingOneBitCount {
            root = MerkleTree.node(roots.removeLast(), root, hash: hash)
            complete.append(root)
        }
        roots.append(root)
        size += 1
        return complete
    }

    /// The root of the whole tree (RFC 9162, section 2.1.2).
    public func root(hash: HashFunction) -> ChangeHash {
        guard var root = roots.last else { return MerkleTree.empty(hash: hash) }
        for left in roots.dropLast().reversed() { root = MerkleTree.node(left, root, hash: hash) }
        return root
    }
}

extension UInt64 {
    fileprivate var trailingOneBitCount: Int { (~self).trailingZeroBitCount }
}
