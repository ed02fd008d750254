import TransparencyLog

/// The leaves that a transaction has made: written into the tree right before its commit, all at once, so
/// that what is rolled back on the way leaves nothing there.
final class TreeGrowth {
    private(set) var leaves: [ReceiptLeaf] = []
    /// The size of the tree before this transaction, once it was asked for.
    var size: UInt64?

    func append(_ more: [ReceiptLeaf]) { leaves += more }

    /// Forgets all but the first so many: the work that made the others was rolled back.
    func shrink(to count: Int) { leaves.removeSubrange(count...) }
}
