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

    init(_ log: EditLog, _ graph: CausalGraph) {
        let hooks = Hooks(log)
        var walk = OrderWalk(log, graph, hooks)
        walk.run()
        ranges = walk.ranges
        isPossible = walk.isPossible
    }
}

private struct OrderWalk {
    private(set) var ranges: [Range<UInt32>] = []
    private(set) var isPossible = true

    private let log: EditLog
    private let graph: CausalGraph
    private let hooks: Hooks
    /// Where the right origins that matter stand, counted from the end.
    private var ranks: [UInt32: Int] = [:]
    private var tasks: [Task] = []
    /// What was walked: what stands behind the place that the walk has come to.
    private var walked = ScalarSet()
    /// For contested scalars the siblings that come before the rest of their run.
    private var siblingsBefore: [UInt32: [UInt32]] = [:]

    private enum Task {
        /// All of an insertion, with what hangs on it.
        case visit(UInt32)
        /// Of a hook, what comes after the rest of its run, where siblings of that hang.
        case siblingsAfter(Int)
        /// Scalars of a run, on which nothing hangs.
        case pass(Range<UInt32>)
        /// The place of a scalar that was just passed.
        case mark(UInt32)
        /// What hangs there and comes before the rest of its run.
        case children(Int)
    }

    init(_ log: EditLog, _ graph: CausalGraph, _ hooks: Hooks) {
        self.log = log
        self.graph = graph
        self.hooks = hooks
        ranges.reserveCapacity(log.insertions.count + hooks.entries.count)
        walked.grow(to: log.count)
    }

    mutating func run() {
        // Those of the start stand in front of all others.
        hooks.root.forEach { look($0) }
        push(sortedRight(hooks.root))
        while let task = tasks.popLast() {
            switch task {
            case .visit(let insertion): visit(insertion)
            case .siblingsAfter(let hook): divideSiblings(at: hook)
            case .pass(let range): pass(range)
            case .mark(let scalar): ranks[scalar] = ranges.count
            case .children(let hook): visitChildren(at: hook)
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
        walked.insert(Int(range.lowerBound)..<Int(range.upperBound))
    }

    /// Looks at the right neighbour of an insertion when nothing was walked yet that hangs on its left one.
    private mutating func look(_ insertion: UInt32) {
        let right = log.insertions[Int(insertion)].right
        if right == EditLog.edge { return }
        let hook = log.neighbours(of: right).left
        if !walked.contains(Int(right)) || hook != EditLog.edge && walked.contains(Int(hook)) {
            isPossible = false
        }
    }

    private mutating func visitChildren(at hook: Int) {
        let entry = hooks.entries[hook]
        if entry.side == .left {
            if !hooks.isShared(hook) { return visit(entry.insertion) }
            push(sortedLeft(hooks.children(at: hook)))
        } else if !siblingsBefore.isEmpty, let known = siblingsBefore.removeValue(forKey: entry.scalar) {
            push(known)
        } else if hooks.isShared(hook) {
            let children = hooks.children(at: hook)
            children.forEach { look($0) }
            push(sortedRight(children))
        } else {
            look(entry.insertion)
            visit(entry.insertion)
        }
    }

    private mutating func visit(_ insertion: UInt32) {
        let all = log.scalars(of: Int(insertion))
        let own = hooks.entries(of: insertion)
        let end = UInt32(all.upperBound)
        guard !own.isEmpty else { return pass(UInt32(all.lowerBound)..<end) }
        var start = UInt32(all.lowerBound)
        var isContested = false
        for hook in own where hook == own.lowerBound || !hooks.isSamePlace(hook, hook - 1) {
            let entry = hooks.entries[hook]
            let scalar = entry.scalar
            switch entry.side {
            case .left, .mark:
                if scalar > start { tasks.append(.pass(start..<scalar)) }
                start = scalar
                tasks.append(entry.side == .left ? .children(hook) : .mark(scalar))
            case .right:
                tasks.append(.pass(start..<scalar + 1))
                start = scalar + 1
                if start < end { isContested = true }
                tasks.append(.children(hook))
            }
        }
        if start < end { tasks.append(.pass(start..<end)) }
        guard isContested else { return }
        // The farther back in the run, the later they stand in the document.
        for hook in own.reversed() where hook == own.lowerBound || !hooks.isSamePlace(hook, hook - 1) {
            let entry = hooks.entries[hook]
            if entry.side == .right, entry.scalar + 1 < end { tasks.append(.siblingsAfter(hook)) }
        }
    }

    private mutating func divideSiblings(at hook: Int) {
        let scalar = hooks.entries[hook].scalar
        let rest = UInt32(log.insertion(of: scalar))
        let children = hooks.children(at: hook)
        children.forEach { look($0) }
        let sorted = sortedRight(children + [rest], restOf: rest, from: scalar + 1)
        let place = sorted.firstIndex(of: rest) ?? sorted.endIndex
        siblingsBefore[scalar] = Array(sorted[..<place])
        push(Array(sorted[(place + 1)...]))
    }

    private func sortedLeft(_ siblings: [UInt32]) -> [UInt32] {
        let (log, graph) = (log, graph)
        return siblings.sorted { first, second in
            graph.isLower(
                log.insertions[Int(first)].origin.first, than: log.insertions[Int(second)].origin.first)
        }
    }

    /// Right siblings in their order; `rest` stands for what follows in its run.
    private func sortedRight(_ siblings: [UInt32], restOf rest: UInt32? = nil, from next: UInt32 = 0)
        -> [UInt32]
    {
        if siblings.count < 2 { return siblings }
        let keys = siblings.map { insertion in
            let record = log.insertions[Int(insertion)]
            let event =
                insertion == rest
                ? record.origin.event(at: Int(next - record.scalar)) : record.origin.first
            let rank = record.right == EditLog.edge ? -1 : ranks[record.right] ?? -1
            return (insertion: insertion, rank: rank, id: graph.id(of: event))
        }
        return keys.sorted { ($0.rank, $0.id) < ($1.rank, $1.id) }.map(\.insertion)
    }
}
