/// *When*: which event was made in sight of which others. It knows nothing of texts.
///
/// Events are named by their index in order of arrival. That order is topological (parents come first), and
/// nothing that is derived from the graph may depend on it otherwise. A *version* is the set of events that
/// someone had seen; it is written as its maximal events, ascending. Consecutive events of one agent, each
/// made on the one before it, are one record, so that what the graph costs follows from how often people met
/// and not from how much they typed.
package struct CausalGraph: Sendable {
    /// Events of one agent with consecutive numbers, each but the first made on the one before it.
    struct Run: Sendable {
        let first: UInt32
        let agent: UInt32
        /// The agent's number of the first event.
        let sequence: UInt64
        /// Where the parents of the first event begin among all; they end where the next run's begin.
        let parents: UInt32
        /// A number n such that all events before n are in the past of the first event; a lower bound, which
        /// makes questions about a history without concurrency cheap. It is `first` itself where that holds
        /// of all events before, and then it does for each event of the run.
        var coverage: UInt32 = 0
    }

    struct Author: Sendable {
        let agent: TextAgent
        /// The run with its highest numbers.
        var last = Self.none
        /// Whether some event of it had not seen the one before, by arrival.
        var isForked = false

        static let none = UInt32.max
    }

    var agents: [TextAgent] { authors.map(\.agent) }

    /// Most events in one text.
    static let limit = 1 << 30

    private(set) var runs: [Run] = []
    private var parentPool: [UInt32] = []
    private(set) var count = 0
    /// The version that holds every event.
    private(set) var heads: [Int] = []
    private var authors: [Author] = []
    /// Of more than `few` agents; to look at each is quicker otherwise, and smaller.
    private var agentNumbers: [TextAgent: Int] = [:]
    private static let few = 8
    /// For each agent its runs, in the order of their sequences; of more than `few` runs, as above.
    private var runsOfAgent: [[UInt32]] = []
    private var index = BlockIndex()

    init() {}

    /// Takes over runs that follow one another, of agents that each are named once, and no event twice.
    init(adopting given: consuming [Run], parents: consuming [UInt32], of agents: [TextAgent], count: Int) {
        var adoption = GraphAdoption(given, parents, agents, count)
        adoption.run()
        (runs, parentPool, authors) = (adoption.runs, adoption.parents, adoption.authors)
        (heads, index) = (adoption.heads, adoption.index)
        self.count = count
        if authors.count > Self.few {
            for (number, author) in authors.enumerated() { agentNumbers[author.agent] = number }
        }
        if runs.count > Self.few { runsOfAgent = Self.lists(of: runs, authors.count) }
    }

    /// For each agent its runs, in the order of their sequences.
    static func lists(of runs: [Run], _ agents: Int) -> [[UInt32]] {
        var lists = [[UInt32]](repeating: [], count: agents)
        var isSorted = [Bool](repeating: true, count: agents)
        for (number, run) in runs.enumerated() {
            let agent = Int(run.agent)
            if let last = lists[agent].last, runs[Int(last)].sequence > run.sequence {
                isSorted[agent] = false
            }
            lists[agent].append(UInt32(number))
        }
        for agent in lists.indices where !isSorted[agent] {
            lists[agent].sort { runs[Int($0)].sequence < runs[Int($1)].sequence }
        }
        return lists
    }

    mutating func trim() {
        runs.trim()
        parentPool.trim()
        heads.trim()
        authors.trim()
    }

    /// Appends events that follow one another; `parents` is a version of this graph, and none is known.
    mutating func append(_ id: TextEventID, count added: Int = 1, parents: [Int]) {
        append(added, of: author(id.agent), from: id.sequence, parents: parents)
    }

    /// The same, of the agent with a number.
    mutating func append(_ added: Int, of agent: Int, from sequence: UInt64, parents: [Int]) {
        precondition(count + added <= Self.limit, "the caller keeps to the limit")
        if !goesOn(with: agent, sequence, parents) {
            let coverage = parents == heads ? count : withView { $0.coverage(of: parents) }
            note(agent, sequence, parents, coverage)
            runs.append(
                Run(
                    first: UInt32(count), agent: UInt32(agent), sequence: sequence,
                    parents: UInt32(parentPool.count), coverage: UInt32(coverage)))
            for parent in parents { parentPool.append(UInt32(parent)) }
            listLastRun(of: agent)
        }
        advanceHeads(over: parents, to: count + added - 1)
        count += added
        index.grow(to: count, of: runs.count - 1)
    }

    /// Whether an event made on these is one more of the last run. After the last number comes none.
    private func goesOn(with agent: Int, _ sequence: UInt64, _ parents: [Int]) -> Bool {
        guard parents.count == 1, parents[0] == count - 1, let last = runs.last, last.agent == agent else {
            return false
        }
        return sequence > last.sequence && sequence - last.sequence == UInt64(count - Int(last.first))
    }

    /// The number of an agent, which gets one where it has none.
    mutating func author(_ agent: TextAgent) -> Int {
        if let number = number(of: agent) { return number }
        authors.append(Author(agent: agent))
        if authors.count > Self.few, agentNumbers.isEmpty {
            for (number, author) in authors.enumerated() { agentNumbers[author.agent] = number }
        } else if authors.count > Self.few {
            agentNumbers[agent] = authors.count - 1
        }
        return authors.count - 1
    }

    /// Notes of an agent that the next run is its.
    private mutating func note(_ agent: Int, _ sequence: UInt64, _ parents: [Int], _ coverage: Int) {
        let author = authors[agent]
        guard author.last != Author.none else {
            authors[agent].last = UInt32(runs.count)
            return
        }
        let last = Int(author.last)
        let isLater = runs[last].sequence < sequence
        if !author.isForked {
            let previous = events(of: last).upperBound - 1
            let isSeen =
                previous < coverage || parents.contains { $0 == previous || isAncestor(previous, of: $0) }
            authors[agent].isForked = !isLater || !isSeen
        }
        if isLater { authors[agent].last = UInt32(runs.count) }
    }

    private mutating func listLastRun(of agent: Int) {
        if runs.count <= Self.few { return }
        if runsOfAgent.isEmpty {
            for run in runs.indices { list(run, of: Int(runs[run].agent)) }
        } else {
            list(runs.count - 1, of: agent)
        }
    }

    private mutating func list(_ run: Int, of agent: Int) {
        while runsOfAgent.count < authors.count { runsOfAgent.append([]) }
        let sequence = runs[run].sequence
        if let last = runsOfAgent[agent].last, runs[Int(last)].sequence > sequence {
            let place = runsOfAgent[agent].partitioningIndex { runs[Int($0)].sequence > sequence }
            runsOfAgent[agent].insert(UInt32(run), at: place)
        } else {
            runsOfAgent[agent].append(UInt32(run))
        }
    }

    private mutating func advanceHeads(over parents: [Int], to last: Int) {
        var kept = 0
        for index in heads.indices where !parents.contains(heads[index]) {
            heads[kept] = heads[index]
            kept += 1
        }
        while heads.count > kept { heads.removeLast() }
        heads.append(last)
    }

    private func number(of agent: TextAgent) -> Int? {
        if authors.count > Self.few { return agentNumbers[agent] }
        for number in authors.indices where authors[number].agent == agent { return number }
        return nil
    }

    /// The agent's run with the highest numbers from which this one is not less, and the next one above that.
    private func runs(of agent: Int, around sequence: UInt64) -> (run: Int?, next: Int?) {
        guard runsOfAgent.isEmpty else {
            let all = runsOfAgent[agent]
            let place = all.partitioningIndex { runs[Int($0)].sequence > sequence }
            return (place > 0 ? Int(all[place - 1]) : nil, place < all.count ? Int(all[place]) : nil)
        }
        var (found, next): (Int?, Int?)
        for run in runs.indices where runs[run].agent == agent {
            let first = runs[run].sequence
            if first <= sequence {
                if found.map({ runs[$0].sequence < first }) ?? true { found = run }
            } else if next.map({ runs[$0].sequence > first }) ?? true {
                next = run
            }
        }
        return (found, next)
    }

    func index(of id: TextEventID) -> Int? { neighbourhood(of: id)?.own?.lowerBound }

    /// From an event on, those of its run; and otherwise the next number of its agent that is known. Nil for an
    /// agent that is not.
    func neighbourhood(of id: TextEventID) -> (own: Range<Int>?, next: UInt64?)? {
        guard let agent = number(of: id.agent) else { return nil }
        let (run, next) = runs(of: agent, around: id.sequence)
        if let run {
            let events = events(of: run)
            let offset = id.sequence - runs[run].sequence
            if offset < UInt64(events.count) {
                return (events.lowerBound + Int(offset)..<events.upperBound, nil)
            }
        }
        return (nil, next.map { runs[$0].sequence })
    }

    /// The highest number of an agent's events, 0 where there is none.
    func lastSequence(of agent: TextAgent) -> UInt64 {
        guard let number = number(of: agent), authors[number].last != Author.none else { return 0 }
        let run = Int(authors[number].last)
        return runs[run].sequence + UInt64(events(of: run).count - 1)
    }

    func id(of event: Int) -> TextEventID {
        let run = runs[self.run(of: event)]
        return TextEventID(
            agent: authors[Int(run.agent)].agent, sequence: run.sequence + UInt64(event - Int(run.first)))
    }

    /// Whether the id of an event is the lower one.
    func isLower(_ first: Int, than second: Int) -> Bool { id(of: first) < id(of: second) }

    /// The number of the run that an event is in.
    func run(of event: Int) -> Int { withView { $0.run(of: event) } }

    func events(of run: Int) -> Range<Int> { withView { $0.events(of: run) } }

    /// The parents of the first event of a run.
    func parents(ofRun run: Int) -> ArraySlice<UInt32> {
        parentPool[withView { $0.parentRange(ofRun: run) }]
    }

    func coverage(of event: Int) -> Int { withView { $0.coverage(of: event) } }

    /// For questions that are asked often, without a look at who holds the arrays for each.
    @inline(__always)
    func withView<Result>(_ body: (GraphView) throws -> Result) rethrows -> Result {
        try runs.withUnsafeBufferPointer { runs in
            try parentPool.withUnsafeBufferPointer { parents in
                try authors.withUnsafeBufferPointer { authors in
                    try index.withBlocks { blocks in
                        try body(GraphView(runs, parents, authors, blocks, count))
                    }
                }
            }
        }
    }
}

extension RandomAccessCollection where Index == Int {
    /// The first index whose element the predicate holds for; it holds for all behind such a one.
    @inline(__always)
    func partitioningIndex(where predicate: (Element) -> Bool) -> Int {
        var (low, high) = (startIndex, endIndex)
        while low < high {
            let middle = (low + high) / 2
            if predicate(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
