/// Which insertions hang on which, in the tree of FugueMax.
///
/// An insertion is a left child of its right neighbour where that one's own left neighbour was the same,
/// and a right child of its left neighbour otherwise.
struct Hooks {
    struct Entry {
        /// The scalar, and the side.
        fileprivate let key: UInt64
        let insertion: UInt32

        fileprivate init(_ scalar: UInt32, isLeft: Bool, _ insertion: UInt32) {
            key = UInt64(scalar) << 1 | (isLeft ? 0 : 1)
            self.insertion = insertion
        }

        var scalar: UInt32 { UInt32(truncatingIfNeeded: key >> 1) }
        /// Whether it hangs before the scalar, and not behind it.
        var isLeft: Bool { key & 1 == 0 }
    }

    /// What hangs on the start of the document.
    private(set) var root: [UInt32] = []
    /// The right neighbours of right siblings, among which the rest of a run may be: where these stand decides.
    private(set) var contested = ScalarSet()
    private(set) var isContested = false

    private static let none: UInt32 = .max >> 1
    private static let left: UInt32 = 1 << 31
    /// For each insertion one that hangs on it.
    private var heads: [UInt32]
    /// For each insertion another one that hangs on the same one, and whether it hangs to the left itself.
    private var others: [UInt32]

    /// - Parameter causality: looks at each insertion, if anybody asks.
    init(_ log: EditLog, _ causality: inout Causality?) {
        heads = [UInt32](repeating: Self.none, count: log.insertions.count)
        others = heads
        link(log, &causality)
        findContested(log)
    }

    private mutating func link(_ log: EditLog, _ causality: inout Causality?) {
        for number in log.insertions.indices {
            let (left, right) = (log.insertions[number].left, log.insertions[number].right)
            var rightOwner: Int?
            if right != EditLog.edge {
                let owner = log.insertion(of: right)
                let record = log.insertions[owner]
                rightOwner = owner
                if (right == record.scalar ? record.left : right - 1) == left {
                    others[number] = heads[owner] | Self.left
                    heads[owner] = UInt32(number)
                    causality?.look(at: number, log, rightOwner: owner, leftOwner: nil)
                    continue
                }
            }
            var leftOwner: Int?
            if left == EditLog.edge {
                root.append(UInt32(number))
            } else {
                let owner = log.insertion(of: left)
                leftOwner = owner
                others[number] = heads[owner]
                heads[owner] = UInt32(number)
            }
            causality?.look(at: number, log, rightOwner: rightOwner, leftOwner: leftOwner)
        }
    }

    /// What hangs on the scalars of an insertion, ascending by scalar and side; few do.
    func collect(of insertion: Int, _ log: EditLog, into entries: inout [Entry]) {
        while !entries.isEmpty { entries.removeLast() }
        var number = heads[insertion]
        while number != Self.none {
            let other = others[Int(number)]
            let isLeft = other & Self.left != 0
            let record = log.insertions[Int(number)]
            entries.append(Entry(isLeft ? record.right : record.left, isLeft: isLeft, number))
            number = other & ~Self.left
        }
        if entries.count > 16 { return entries.sort { $0.key < $1.key } }
        for index in entries.indices.dropFirst() {
            let entry = entries[index]
            var place = index
            while place > 0, entries[place - 1].key > entry.key {
                entries[place] = entries[place - 1]
                place -= 1
            }
            entries[place] = entry
        }
    }

    /// The end of those that hang at the same place as the entry at an index, which is the first one there.
    static func end(ofPlaceAt index: Int, in entries: [Entry]) -> Int {
        var end = index + 1
        while end < entries.count, entries[end].key == entries[index].key { end += 1 }
        return end
    }

    private mutating func findContested(_ log: EditLog) {
        if root.count > 1 { for insertion in root { contest(insertion, log) } }
        var entries: [Entry] = []
        for owner in heads.indices where heads[owner] != Self.none {
            // One alone is contested by the rest of a run at most.
            let (number, other) = (heads[owner], others[Int(heads[owner])])
            if other == Self.none | Self.left { continue }
            if other == Self.none, log.insertions[Int(number)].left + 1 == log.scalars(of: owner).upperBound {
                continue
            }
            collect(of: owner, log, into: &entries)
            var index = 0
            while index < entries.count {
                let end = Self.end(ofPlaceAt: index, in: entries)
                let isBeforeRest = Int(entries[index].scalar) + 1 < log.scalars(of: owner).upperBound
                if !entries[index].isLeft, isBeforeRest || end > index + 1 {
                    for entry in entries[index..<end] { contest(entry.insertion, log) }
                    if isBeforeRest { contest(UInt32(owner), log) }
                }
                index = end
            }
        }
    }

    private mutating func contest(_ insertion: UInt32, _ log: EditLog) {
        let right = log.insertions[Int(insertion)].right
        guard right != EditLog.edge else { return }
        contested.insert(Int(right)..<Int(right) + 1)
        isContested = true
    }
}
