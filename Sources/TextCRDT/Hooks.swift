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

    /// Whether some insertion names a right neighbour that has to be looked at.
    private(set) var namesRight = false
    private(set) var hooks: [Hook]

    private static let none: UInt32 = .max >> 1
    private static let left: UInt32 = 1 << 31
    /// For each insertion one that hangs on it.
    private var heads: [UInt32]
    /// For each insertion another one that hangs on the same one, and whether it hangs to the left itself.
    private var others: [UInt32]

    /// - Parameter known: of each insertion what it hangs on, or nothing.
    init(_ log: LogView, _ known: [Hook]) {
        hooks = known.isEmpty ? log.insertions.map { log.hook(of: $0) } : known
        heads = [UInt32](repeating: Self.none, count: log.insertions.count)
        others = heads
        link()
        findContested(log)
    }

    private mutating func link() {
        heads.withUnsafeMutableBufferPointer { heads in
            others.withUnsafeMutableBufferPointer { others in
                for (number, hook) in hooks.enumerated() {
                    if hook.namesRight { namesRight = true }
                    if hook.isOnStart {
                        root.append(UInt32(number))
                    } else {
                        others[number] = heads[hook.owner] | (hook.isLeft ? Self.left : 0)
                        heads[hook.owner] = UInt32(truncatingIfNeeded: number)
                    }
                }
            }
        }
    }

    /// Whether nothing hangs on an insertion.
    @inline(__always)
    func isBare(_ insertion: Int) -> Bool { heads[insertion] == Self.none }

    /// What hangs on the scalars of an insertion, ascending by scalar and side, and how many do: few, at the beginning of
    /// `entries`, behind which stand old ones.
    func collect(of insertion: Int, _ log: LogView, into entries: inout [Entry]) -> Int {
        var count = 0
        var number = heads[insertion]
        while number != Self.none {
            let other = others[Int(number)]
            let isLeft = other & Self.left != 0
            let record = log.insertions[Int(number)]
            let entry = Entry(isLeft ? record.right : record.left, isLeft: isLeft, number)
            if count == entries.count { entries.append(entry) } else { entries[count] = entry }
            count += 1
            number = other & ~Self.left
        }
        if count > 1 { Self.sort(&entries, count) }
        return count
    }

    private static func sort(_ entries: inout [Entry], _ count: Int) {
        if count > 16 { return entries[..<count].sort { $0.key < $1.key } }
        for index in 1..<count {
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
    @inline(__always)
    static func end(ofPlaceAt index: Int, in entries: [Entry], _ count: Int) -> Int {
        var end = index + 1
        while end < count, entries[end].key == entries[index].key { end += 1 }
        return end
    }

    private mutating func findContested(_ log: LogView) {
        if root.count > 1 { for insertion in root { contest(insertion, log) } }
        var entries: [Entry] = []
        for owner in heads.indices where heads[owner] != Self.none {
            // One alone is contested by the rest of a run at most.
            let (number, other) = (heads[owner], others[Int(heads[owner])])
            if other == Self.none | Self.left { continue }
            if other == Self.none, log.insertions[Int(number)].left + 1 == log.end(of: owner) { continue }
            let count = collect(of: owner, log, into: &entries)
            var index = 0
            while index < count {
                let end = Self.end(ofPlaceAt: index, in: entries, count)
                let isBeforeRest = entries[index].scalar + 1 < log.end(of: owner)
                if !entries[index].isLeft, isBeforeRest || end > index + 1 {
                    for entry in entries[index..<end] { contest(entry.insertion, log) }
                    if isBeforeRest { contest(UInt32(owner), log) }
                }
                index = end
            }
        }
    }

    private mutating func contest(_ insertion: UInt32, _ log: LogView) {
        let right = log.insertions[Int(insertion)].right
        guard right != EditLog.edge else { return }
        contested.insert(Int(right)..<Int(right) + 1)
        isContested = true
    }
}
