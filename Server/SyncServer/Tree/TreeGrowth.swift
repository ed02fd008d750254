import TransparencyLog

/// A leaf of the tree, with the change that it is about.
struct LoggedLeaf: Hashable {
    let replica: Int64
    let number: UInt64
    let leaf: ReceiptLeaf
}

/// The leaves that a transaction has made: written into the tree right before its commit, all at once, so
/// that what is rolled back on the way leaves nothing there.
final class TreeGrowth {
    private(set) var leaves: [LoggedLeaf] = []
    /// The size of the tree before this transaction, once it was asked for.
    var size: UInt64?

    func append(_ more: [LoggedLeaf]) { leaves += more }

    /// Forgets all but the first so many: the work that made the others was rolled back.
    func shrink(to count: Int) { leaves.removeSubrange(count...) }
}
