/// Which insertions hang on which scalars, in the tree of FugueMax.
///
/// An insertion is a left child of its right neighbour where that one's own left neighbour was the same,
/// and a right child of its left neighbour otherwise.
struct Hooks {
    enum Side: UInt32 {
        /// Before the scalar.
        case left
        /// On the scalar nothing hangs, but its place is asked for.
        case mark
        /// Behind the scalar.
        case right
    }

    struct Entry {
        /// The scalar, and the side.
        fileprivate let key: UInt64
        let insertion: UInt32
    }

    /// Ascending by scalar and side, those of one insertion together.
    private(set) var entries: [Entry] = []
    /// What hangs on the start of the document.
    private(set) var root: [UInt32] = []
    /// For each insertion where its entries begin, and at last their number.
    private var starts: [UInt32]
    private var marks: Set<UInt32> = []

    init(_ log: EditLog) {
        let insertions = log.insertions
        var unsorted: [(owner: UInt32, entry: Entry)] = []
        unsorted.reserveCapacity(insertions.count)
        for (number, insertion) in insertions.enumerated() {
            let (left, right) = (insertion.left, insertion.right)
            let (hook, side): (UInt32, Side) =
                right != EditLog.edge && log.neighbours(of: right).left == left
                ? (right, .left) : (left, .right)
            guard hook != EditLog.edge else {
                root.append(UInt32(number))
                continue
            }
            unsorted.append(
                (
                    UInt32(log.insertion(of: hook)),
                    Entry(key: UInt64(hook) << 2 | UInt64(side.rawValue), insertion: UInt32(number))
                ))
        }
        starts = []
        sort(unsorted, owners: insertions.count)
        let contested = contestedOrigins(log)
        guard !contested.isEmpty else { return }
        for scalar in contested where marks.insert(scalar).inserted {
            let key = UInt64(scalar) << 2 | UInt64(Side.mark.rawValue)
            unsorted.append((UInt32(log.insertion(of: scalar)), Entry(key: key, insertion: 0)))
        }
        sort(unsorted, owners: insertions.count)
    }

    func entries(of insertion: UInt32) -> Range<Int> {
        Int(starts[Int(insertion)])..<Int(starts[Int(insertion) + 1])
    }

    func place(of entry: Entry) -> (scalar: UInt32, side: Side) {
        (UInt32(entry.key >> 2), Side(rawValue: UInt32(entry.key & 3)) ?? .mark)
    }

    func isSamePlace(_ first: Int, _ second: Int) -> Bool { entries[first].key == entries[second].key }

    /// Whether the place of a scalar is asked for.
    func isMarked(_ scalar: UInt32) -> Bool { !marks.isEmpty && marks.contains(scalar) }

    func children(of scalar: UInt32, on side: Side) -> [UInt32] {
        let key = UInt64(scalar) << 2 | UInt64(side.rawValue)
        var index = entries.partitioningIndex { $0.key >= key }
        var children: [UInt32] = []
        while index < entries.count, entries[index].key == key {
            children.append(entries[index].insertion)
            index += 1
        }
        return children
    }

    /// Counts how many each insertion has, then puts each in its place; few hang on one.
    private mutating func sort(_ unsorted: [(owner: UInt32, entry: Entry)], owners: Int) {
        starts = [UInt32](repeating: 0, count: owners + 1)
        for (owner, _) in unsorted { starts[Int(owner) + 1] += 1 }
        for owner in 0..<owners { starts[owner + 1] += starts[owner] }
        var ends = starts
        entries = [Entry](repeating: Entry(key: 0, insertion: 0), count: unsorted.count)
        for (owner, entry) in unsorted {
            entries[Int(ends[Int(owner)])] = entry
            ends[Int(owner)] += 1
        }
        for owner in 0..<owners where starts[owner + 1] > starts[owner] + 1 {
            entries[Int(starts[owner])..<Int(starts[owner + 1])].sort { $0.key < $1.key }
        }
    }

    /// The right origins of right siblings, among which the rest of a run may be.
    private func contestedOrigins(_ log: EditLog) -> [UInt32] {
        var origins: [UInt32] = []
        func add(_ insertion: UInt32) {
            let right = log.insertions[Int(insertion)].right
            if right != EditLog.edge { origins.append(right) }
        }
        if root.count > 1 { root.forEach(add) }
        for owner in log.insertions.indices {
            let last = UInt32(log.scalars(of: owner).upperBound) - 1
            let own = entries(of: UInt32(owner))
            for index in own {
                let (scalar, side) = place(of: entries[index])
                guard side == .right else { continue }
                let isShared =
                    index > own.lowerBound && isSamePlace(index, index - 1)
                    || index + 1 < own.upperBound && isSamePlace(index, index + 1)
                if scalar < last || isShared { add(entries[index].insertion) }
                if scalar < last { add(UInt32(owner)) }
            }
        }
        return origins
    }
}
