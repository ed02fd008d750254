/// The insertions of a log as they lie in memory, for the time of a question that is asked often.
///
/// It asks nothing twice: a scalar that is not in the log is the caller's mistake.
struct LogView {
    let insertions: UnsafeBufferPointer<EditLog.Insertion>
    private let blocks: UnsafeBufferPointer<UInt32>
    /// The number of scalars.
    let count: Int

    @inline(__always)
    init(
        _ insertions: UnsafeBufferPointer<EditLog.Insertion>, _ blocks: UnsafeBufferPointer<UInt32>,
        _ count: Int
    ) {
        (self.insertions, self.blocks, self.count) = (insertions, blocks, count)
    }

    /// The number of the insertion that a scalar is of.
    @inline(__always)
    func insertion(of scalar: UInt32) -> Int {
        BlockIndex.find(Int(scalar), in: insertions, blocks) { $0.scalar }
    }

    /// The end of the scalars of an insertion.
    @inline(__always)
    func end(of insertion: Int) -> UInt32 {
        insertion + 1 < insertions.count
            ? insertions[insertion + 1].scalar : UInt32(truncatingIfNeeded: count)
    }

    /// The left neighbour that a scalar had, whose insertion is this one.
    @inline(__always)
    func left(of scalar: UInt32, in insertion: Int) -> UInt32 {
        let record = insertions[insertion]
        return scalar == record.scalar ? record.left : scalar - 1
    }

    /// The left neighbour that a scalar had.
    func left(of scalar: UInt32) -> UInt32 { left(of: scalar, in: insertion(of: scalar)) }

    /// What an insertion hangs on.
    func hook(of record: EditLog.Insertion) -> Hook {
        if record.right != EditLog.edge {
            let owner = insertion(of: record.right)
            if left(of: record.right, in: owner) == record.left { return Hook(on: owner, isLeft: true) }
        }
        if record.left == EditLog.edge { return Hook(namesRight: record.right != EditLog.edge) }
        let owner = insertion(of: record.left)
        return Hook(
            on: owner, isLeft: false,
            namesRight: record.right != EditLog.edge && record.right != insertions[owner].right)
    }
}

/// What an insertion hangs on in the tree of FugueMax: on its right neighbour, to the left, where that one's own left
/// neighbour was the same; otherwise on its left neighbour, to the right.
struct Hook: Sendable {
    private let bits: UInt32

    private static let start: UInt32 = 1 << 30 - 1
    private static let left: UInt32 = 1 << 31
    private static let named: UInt32 = 1 << 30

    /// - Parameter namesRight: whether the right neighbour is another one than the left one's, and not the end: it can
    ///   have been overlooked by no one whom the left neighbour is known to follow.
    @inline(__always)
    init(on owner: Int, isLeft: Bool, namesRight: Bool = false) {
        bits =
            UInt32(truncatingIfNeeded: owner) | (isLeft ? Self.left : 0) | (namesRight ? Self.named : 0)
    }

    /// On the start of the document.
    @inline(__always)
    init(namesRight: Bool) { bits = Self.start | (namesRight ? Self.named : 0) }

    /// The insertion that it hangs on.
    @inline(__always)
    var owner: Int { Int(bits & Self.start) }
    @inline(__always)
    var isOnStart: Bool { bits & Self.start == Self.start }
    @inline(__always)
    var isLeft: Bool { bits & Self.left != 0 }
    /// Whether its right neighbour has to be looked at: what others say does not tell that it can be one.
    @inline(__always)
    var namesRight: Bool { bits & Self.named != 0 }
}
