/// All scalars in document order, found at once from the insertions alone.
///
/// Source: Weidner & Kleppmann, "The Art of the Fugue" (2023), the tree of FugueMax. A run of scalars is a
/// chain of right children; other insertions hang on its scalars, to the left or to the right. The document
/// is walked from its end to its start, because right siblings are ordered by their right origins, which
/// stand behind them: so each is known when it is needed. The cost is linear in the number of insertions,
/// whatever was concurrent to what, and only siblings are sorted.
struct DocumentOrder {
    /// The scalars in document order, as ranges of names.
    let ranges: [Range<UInt32>]
    /// Whether all insertions are, as `InsertionOrder.isPossible` says of one.
    let isPossible: Bool

    /// - Parameter hooks: what each insertion hangs on, or nothing where it is to be found out.
    init(_ log: EditLog, _ graph: CausalGraph, _ hooks: [Hook] = []) {
        (ranges, isPossible) = log.withView { log in
            var walk = OrderWalk(log, graph, Hooks(log, hooks))
            walk.run()
            return (walk.ranges, walk.isPossible)
        }
    }
}

private struct OrderWalk {
    private(set) var ranges: [Range<UInt32>] = []
    private(set) var isPossible = true

    private let log: LogView
    private let graph: CausalGraph
    private let hooks: Hooks
    private var tasks: [Task] = []
    /// What was walked: what stands behind the place that the walk has come to.
    private var walked = ScalarSet()
    private var walkedCount = 0
    /// How far from the end the contested scalars stand that were walked.
    private var ranks: [UInt32: Int] = [:]
    private var groups: [Group] = []
    private var entries: [Hooks.Entry] = []

    private enum Task {
        /// All of an insertion, with what hangs on it.
        case visit(UInt32)
        /// The same, of one that hangs alone behind a scalar on which nothing was walked yet that hangs there.
        case visitAlone(UInt32)
        /// Of a group, what comes after the rest of the run that it hangs in.
        case siblingsAfter(UInt32)
        /// Of a group, what is left of it.
        case group(UInt32)
        /// Scalars of a run, on which nothing hangs.
        case pass(Range<UInt32>)
    }

    /// Right siblings.
    private struct Group {
        let scalar: UInt32
        var siblings: [UInt32]
        var isSorted = false
    }

    init(_ log: LogView, _ graph: CausalGraph, _ hooks: consuming Hooks) {
        self.log = log
        self.graph = graph
        self.hooks = hooks
        ranges.reserveCapacity(log.insertions.count + log.insertions.count / 2)
        if self.hooks.namesRight { walked.grow(to: log.count) }
    }

    mutating func run() {
        // Those of the start stand in front of all others.
        for insertion in hooks.root { look(insertion) }
        push(sortedRight(hooks.root))
        while let task = tasks.popLast() {
            switch task {
            case .visit(let insertion): visit(insertion)
            case .visitAlone(let insertion):
                look(insertion)
                visit(insertion)
            case .siblingsAfter(let group): divide(Int(group))
            case .group(let group): visitGroup(Int(group))
            case .pass(let range): pass(range)
            }
        }
        ranges.reverse()
    }

    /// Insertions in document order, so that the last is walked first.
    private mutating func push(_ insertions: [UInt32]) {
        for insertion in insertions { tasks.append(.visit(insertion)) }
    }

    private mutating func pass(_ range: Range<UInt32>) {
        ranges.append(range)
        let scalars = Range(uncheckedBounds: (Int(range.lowerBound), Int(range.upperBound)))
        if hooks.namesRight { walked.insert(scalars) }
        if hooks.isContested {
            var start = scalars.lowerBound
            while start < scalars.upperBound {
                let end = hooks.contested.end(ofStretchFrom: start, limit: scalars.upperBound)
                if hooks.contested.contains(start) {
                    for scalar in start..<end {
                        ranks[UInt32(scalar)] = walkedCount + scalars.upperBound - 1 - scalar
                    }
                }
                start = end
            }
        }
        walkedCount += scalars.count
    }

    /// Looks at the right neighbour of an insertion when nothing was walked yet that hangs on its left one.
    @inline(__always)
    private mutating func look(_ insertion: UInt32) {
        if hooks.hooks[Int(insertion)].namesRight { lookRight(of: insertion) }
    }

    private mutating func lookRight(of insertion: UInt32) {
        let right = log.insertions[Int(insertion)].right
        let hook = log.left(of: right)
        if !walked.contains(Int(right)) || hook != EditLog.edge && walked.contains(Int(hook)) {
            isPossible = false
        }
    }

    private mutating func visit(_ insertion: UInt32) {
        let end = log.end(of: Int(insertion))
        var start = log.insertions[Int(insertion)].scalar
        if hooks.isBare(Int(insertion)) { return pass(start..<end) }
        let count = hooks.collect(of: Int(insertion), log, into: &entries)
        let firstGroup = groups.count
        var index = 0
        while index < count {
            let next = Hooks.end(ofPlaceAt: index, in: entries, count)
            let entry = entries[index]
            if entry.isLeft {
                if entry.scalar > start { tasks.append(.pass(start..<entry.scalar)) }
                start = entry.scalar
                if next == index + 1 {
                    tasks.append(.visit(entry.insertion))
                } else {
                    push(sortedLeft(entries[index..<next].map(\.insertion)))
                }
            } else {
                tasks.append(.pass(start..<entry.scalar + 1))
                start = entry.scalar + 1
                if next == index + 1, start == end {
                    tasks.append(.visitAlone(entry.insertion))
                } else {
                    tasks.append(.group(UInt32(groups.count)))
                    groups.append(
                        Group(scalar: entry.scalar, siblings: entries[index..<next].map(\.insertion)))
                }
            }
            index = next
        }
        if start < end { tasks.append(.pass(start..<end)) }
        // The farther back in the run, the later they stand in the document.
        for group in (firstGroup..<groups.count).reversed() where groups[group].scalar + 1 < end {
            tasks.append(.siblingsAfter(UInt32(group)))
        }
    }

    private mutating func visitGroup(_ group: Int) {
        let siblings = groups[group].siblings
        if groups[group].isSorted {
            push(siblings)
        } else {
            for sibling in siblings { look(sibling) }
            push(sortedRight(siblings))
        }
        groups[group].siblings = []
    }

    private mutating func divide(_ group: Int) {
        let (scalar, siblings) = (groups[group].scalar, groups[group].siblings)
        let rest = UInt32(log.insertion(of: scalar))
        for sibling in siblings { look(sibling) }
        let sorted = sortedRight(siblings + [rest], restOf: rest, from: scalar + 1)
        let place = sorted.firstIndex(of: rest) ?? sorted.endIndex
        groups[group].siblings = Array(sorted[..<place])
        groups[group].isSorted = true
        push(Array(sorted[(place + 1)...]))
    }

    /// Of two insertions of one event, which can stand at one place where they are forged, the first comes first.
    private func sortedLeft(_ siblings: [UInt32]) -> [UInt32] {
        let keys = siblings.map { insertion in
            (insertion: insertion, id: graph.id(of: log.insertions[Int(insertion)].origin.first))
        }
        return keys.sorted { ($0.id, $0.insertion) < ($1.id, $1.insertion) }.map(\.insertion)
    }

    /// Right siblings in their order; `rest` stands for what follows in its run.
    private func sortedRight(_ siblings: [UInt32], restOf rest: UInt32? = nil, from next: UInt32 = 0)
        -> [UInt32]
    {
        if siblings.count < 2 { return siblings }
        let keys = siblings.map { insertion in
            let record = log.insertions[Int(insertion)]
            let scalar = insertion == rest ? next : record.scalar
            let event = record.origin.event(at: Int(scalar - record.scalar))
            let rank = record.right == EditLog.edge ? -1 : ranks[record.right] ?? -1
            return (insertion: insertion, rank: rank, id: graph.id(of: event), scalar: scalar)
        }
        return keys.sorted { ($0.rank, $0.id, $0.scalar) < ($1.rank, $1.id, $1.scalar) }.map(\.insertion)
    }
}
