/// The place of a complete subtree: that of 2^level leaves, from leaf index · 2^level on.
public struct TreeNode: Hashable, Sendable {
    /// 0 for a leaf.
    public let level: Int
    /// Counted from the left among those of its level.
    public let index: UInt64

    public init(level: Int, index: UInt64) {
        self.level = level
        self.index = index
    }

    /// How many subtrees were complete before this one, in the order in which a growing list completes
    /// them: a leaf, and then those that end with it, the smallest first.
    public var ordinal: UInt64 {
        let leaves = (index + 1) << UInt64(level)
        return Self.count(ofTree: leaves - 1) + UInt64(level)
    }

    /// How many complete subtrees a tree of so many leaves has: 2 · size less one for each bit of size.
    public static func count(ofTree size: UInt64) -> UInt64 { 2 * size - UInt64(size.nonzeroBitCount) }

    /// The size of the tree that has so many complete subtrees; nil where no tree has that many.
    public static func size(ofCount count: UInt64) -> UInt64? {
        let least = count / 2
        return (least...least + 32).first { self.count(ofTree: $0) == count }
    }

    /// The complete subtrees that a range of leaves consists of, the largest first.
    ///
    /// - Parameter first: a multiple of the least power of two that is not below `count`.
    static func complete(from first: UInt64, count: UInt64) -> [TreeNode] {
        var nodes: [TreeNode] = []
        var (start, rest) = (first, count)
        while rest > 0 {
            let level = UInt64.bitWidth - 1 - rest.leadingZeroBitCount
            nodes.append(TreeNode(level: level, index: start >> UInt64(level)))
            start += 1 << UInt64(level)
            rest -= 1 << UInt64(level)
        }
        return nodes
    }
}
