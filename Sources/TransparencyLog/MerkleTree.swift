public import ChangeLog

/// The hashes of a Merkle tree over a list that only grows (RFC 9162, section 2.1.1).
///
/// The byte in front keeps leaves and inner nodes apart: no list of leaves has the root of another.
public enum MerkleTree {
    /// The hash of an entry of the list: H(0 ‖ entry).
    public static func leaf(_ entry: [UInt8], hash: HashFunction) -> ChangeHash { hash([0x00] + entry) }

    /// The hash of two neighbouring subtrees: H(1 ‖ left ‖ right).
    public static func node(_ left: ChangeHash, _ right: ChangeHash, hash: HashFunction) -> ChangeHash {
        hash([0x01] + left.bytes + right.bytes)
    }

    /// The root of the empty tree: H of nothing.
    public static func empty(hash: HashFunction) -> ChangeHash { hash([]) }

    /// The root of a subtree that may end anywhere, from the complete ones that it consists of.
    ///
    /// - Parameters:
    ///   - first: index of its first leaf, a multiple of the least power of two that is not below `count`.
    ///   - count: number of its leaves, at least 1.
    ///   - node: the hash of a complete subtree.
    static func root(
        from first: UInt64, count: UInt64, hash: HashFunction, node: (TreeNode) throws -> ChangeHash
    ) rethrows -> ChangeHash {
        let parts = TreeNode.complete(from: first, count: count)
        var root = try node(parts[parts.count - 1])
        for part in parts.dropLast().reversed() {
            root = Self.node(try node(part), root, hash: hash)
        }
        return root
    }

    /// The greatest power of two below `count`, which must be above 1: where a tree is split.
    static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(UInt64.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
