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
        /// The insertion that the scalar is of.
        fileprivate let owner: UInt32

        var scalar: UInt32 { UInt32(truncatingIfNeeded: key >> 2) }
        var side: Side { Side(rawValue: UInt32(truncatingIfNeeded: key & 3)) ?? .mark }
    }

    /// Ascending by scalar and side, those of one insertion together.
    private(set) var entries: [Entry] = []
    /// What hangs on the start of the document.
    private(set) var root: [UInt32] = []
    /// For each insertion where its entries begin, and at last their number.
    private var starts: [UInt32] = []

    init(_ log: EditLog) {
        var unsorted: [Entry] = []
        unsorted.reserveCapacity(log.insertions.count)
        for number in log.insertions.indices {
            let (left, right) = (log.insertions[number].left, log.insertions[number].right)
            if right != EditLog.edge {
                let owner = log.insertion(of: right)
                let record = log.insertions[owner]
                if (right == record.scalar ? record.left : right - 1) == left {
                    unsorted.append(Self.entry(right, .left, UInt32(number), of: owner))
                    continue
                }
            }
            if left == EditLog.edge {
                root.append(UInt32(number))
            } else {
                unsorted.append(Self.entry(left, .right, UInt32(number), of: log.insertion(of: left)))
            }
        }
        sort(unsorted, owners: log.insertions.count)
        let contested = contestedOrigins(log)
        guard !contested.isEmpty else { return }
        for (index, scalar) in contested.enumerated() where index == 0 || scalar != contested[index - 1] {
            unsorted.append(Self.entry(scalar, .mark, 0, of: log.insertion(of: scalar)))
        }
        sort(unsorted, owners: log.insertions.count)
    }

    private static func entry(_ scalar: UInt32, _ side: Side, _ insertion: UInt32, of owner: Int) -> Entry {
        Entry(
            key: UInt64(scalar) << 2 | UInt64(side.rawValue), insertion: insertion, owner: UInt32(owner))
    }

    func entries(of insertion: UInt32) -> Range<Int> {
        Int(starts[Int(insertion)])..<Int(starts[Int(insertion) + 1])
    }

    func isSamePlace(_ first: Int, _ second: Int) -> Bool { entries[first].key == entries[second].key }

    /// Whether something else hangs at the place of an entry, which is the first one there.
    func isShared(_ hook: Int) -> Bool { hook + 1 < entries.count && isSamePlace(hook, hook + 1) }

    /// All that hangs at the place of an entry, which is the first one there.
    func children(at hook: Int) -> [UInt32] {
        var index = hook
        var children: [UInt32] = []
        while index < entries.count, isSamePlace(index, hook) {
            children.append(entries[index].insertion)
            index += 1
        }
        return children
    }

    /// Counts how many each insertion has, then puts each in its place; few hang on one.
    private mutating func sort(_ unsorted: [Entry], owners: Int) {
        starts = [UInt32](repeating: 0, count: owners + 2)
        for entry in unsorted { starts[Int(entry.owner) + 2] += 1 }
        for owner in 0..<owners { starts[owner + 2] += starts[owner + 1] }
        entries = unsorted
        // What is left of the counts are the starts, one behind.
        for entry in unsorted {
            let place = Int(starts[Int(entry.owner) + 1])
            starts[Int(entry.owner) + 1] += 1
            entries[place] = entry
        }
        for owner in 0..<owners where starts[owner + 1] > starts[owner] + 1 {
            sort(Int(starts[owner])..<Int(starts[owner + 1]))
        }
    }

    private mutating func sort(_ range: Range<Int>) {
        guard range.count <= 16 else {
            entries[range].sort { ($0.key, $0.insertion) < ($1.key, $1.insertion) }
            return
        }
        for index in range.dropFirst() {
            let entry = entries[index]
            var place = index
            while place > range.lowerBound, entries[place - 1].key > entry.key {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
    }

    /// The right origins of right siblings, among which the rest of a run may be; ascending.
    private func contestedOrigins(_ log: EditLog) -> [UInt32] {
        var origins: [UInt32] = []
        func add(_ insertion: UInt32) {
            let right = log.insertions[Int(insertion)].right
            if right != EditLog.edge { origins.append(right) }
        }
        if root.count > 1 { root.forEach(add) }
        for (index, entry) in entries.enumerated() where entry.side == .right {
            let isBeforeRest = Int(entry.scalar) + 1 < log.scalars(of: Int(entry.owner)).upperBound
            let isShared = isShared(index) || index > 0 && isSamePlace(index, index - 1)
            if isBeforeRest || isShared { add(entry.insertion) }
            if isBeforeRest { add(entry.owner) }
        }
        return origins.sorted()
    }
}
