/// All scalars in document order, found at once from the insertions alone.
///
/// Source: Weidner & Kleppmann, "The Art of the Fugue" (2023), the tree of FugueMax. A run of scalars is a
/// chain of right children; other insertions hang on its scalars, to the left or to the right. The document
/// is walked from its end to its start, because right siblings are ordered by their right origins, which
/// stand behind them: so each is known when it is needed. The cost is linear in the number of insertions,
/// whatever was concurrent to what, and only siblings are sorted.
struct DocumentOrder {
    /// The scalars in document order, as ranges of names.
    private(set) var ranges: [Range<UInt32>] = []

    private let log: EditLog
    private let graph: CausalGraph
    private let hooks: Hooks
    /// Where the right origins that matter stand, counted from the end.
    private var ranks: [UInt32: Int] = [:]
    private var tasks: [Task] = []
    /// For contested scalars the siblings that come before the rest of their run.
    private var siblingsBefore: [UInt32: [UInt32]] = [:]

    private enum Task {
        /// All of an insertion, with what hangs on it.
        case visit(UInt32)
        /// What comes after the rest of a run, at a scalar where siblings of that hang.
        case siblingsAfter(UInt32)
        /// Scalars of a run, on which nothing hangs.
        case pass(Range<UInt32>)
        /// What hangs on a scalar and comes before the rest of its run.
        case rightChildren(UInt32)
        case leftChildren(UInt32)
    }

    init(_ log: EditLog, _ graph: CausalGraph) {
        self.log = log
        self.graph = graph
        hooks = Hooks(log)
        ranges.reserveCapacity(log.insertions.count + hooks.entries.count)
        walk()
        ranges.reverse()
    }

    private mutating func walk() {
        // Those of the root stand in front of all others.
        push(sortedRight(hooks.root))
        while let task = tasks.popLast() {
            switch task {
            case .visit(let insertion): visit(insertion)
            case .siblingsAfter(let scalar): divideSiblings(of: scalar)
            case .pass(let range): pass(range)
            case .rightChildren(let scalar):
                if let known = siblingsBefore.removeValue(forKey: scalar) {
                    push(known)
                } else {
                    push(sortedRight(hooks.children(of: scalar, on: .right)))
                }
            case .leftChildren(let scalar):
                push(hooks.children(of: scalar, on: .left).sorted(by: isLower))
            }
        }
    }

    /// Insertions in document order, so that the last is walked first.
    private mutating func push(_ insertions: [UInt32]) {
        for insertion in insertions { tasks.append(.visit(insertion)) }
    }

    private mutating func pass(_ range: Range<UInt32>) {
        if hooks.isMarked(range.lowerBound) { ranks[range.lowerBound] = ranges.count }
        ranges.append(range)
    }

    private mutating func visit(_ insertion: UInt32) {
        let all = log.scalars(of: Int(insertion))
        let own = hooks.entries(of: insertion)
        let end = UInt32(all.upperBound)
        guard !own.isEmpty else { return pass(UInt32(all.lowerBound)..<end) }
        var start = UInt32(all.lowerBound)
        var contested: [UInt32] = []
        for index in own {
            let (scalar, side) = hooks.place(of: hooks.entries[index])
            if index > own.lowerBound, hooks.isSamePlace(index, index - 1) { continue }
            switch side {
            case .left, .mark:
                if scalar > start { tasks.append(.pass(start..<scalar)) }
                start = scalar
                if side == .left { tasks.append(.leftChildren(scalar)) }
            case .right:
                tasks.append(.pass(start..<scalar + 1))
                start = scalar + 1
                if start < end { contested.append(scalar) }
                tasks.append(.rightChildren(scalar))
            }
        }
        if start < end { tasks.append(.pass(start..<end)) }
        // The farther back in the run, the later they stand in the document.
        for scalar in contested.reversed() { tasks.append(.siblingsAfter(scalar)) }
    }

    private mutating func divideSiblings(of scalar: UInt32) {
        let rest = UInt32(log.insertion(of: scalar))
        let all = hooks.children(of: scalar, on: .right) + [rest]
        let sorted = sortedRight(all, restOf: rest, from: scalar + 1)
        let place = sorted.firstIndex(of: rest) ?? sorted.endIndex
        siblingsBefore[scalar] = Array(sorted[..<place])
        push(Array(sorted[(place + 1)...]))
    }

    private func isLower(_ first: UInt32, _ second: UInt32) -> Bool {
        graph.isLower(
            log.insertions[Int(first)].origin.first, than: log.insertions[Int(second)].origin.first)
    }

    /// Right siblings in their order; `rest` stands for what follows in its run.
    private func sortedRight(_ siblings: [UInt32], restOf rest: UInt32? = nil, from next: UInt32 = 0)
        -> [UInt32]
    {
        if siblings.count < 2 { return siblings }
        func event(_ insertion: UInt32) -> Int {
            let record = log.insertions[Int(insertion)]
            return insertion == rest
                ? record.origin.event(at: Int(next - record.scalar)) : record.origin.first
        }
        func rank(_ insertion: UInt32) -> Int {
            let right = log.insertions[Int(insertion)].right
            return right == EditLog.edge ? -1 : ranks[right] ?? -1
        }
        return siblings.sorted { first, second in
            let (one, other) = (rank(first), rank(second))
            return one == other ? graph.isLower(event(first), than: event(second)) : one < other
        }
    }
}
