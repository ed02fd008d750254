/// Makes a graph of runs that are there at once, as a file brings them, in place: what `CausalGraph.append` finds out
/// of one run after the other, without growing anything.
struct GraphAdoption {
    private(set) var runs: [CausalGraph.Run]
    private(set) var parents: [UInt32]
    private(set) var authors: [CausalGraph.Author]
    private(set) var heads: [Int] = []
    let index: BlockIndex
    private let count: Int

    init(
        _ runs: consuming [CausalGraph.Run], _ parents: consuming [UInt32], _ agents: [TextAgent],
        _ count: Int
    ) {
        index = runs.withUnsafeBufferPointer { runs in
            BlockIndex(of: runs.count, count) { Int(runs[$0].first) }
        }
        (self.runs, self.parents, self.count) = (runs, parents, count)
        authors = agents.map { CausalGraph.Author(agent: $0) }
    }

    mutating func run() {
        // Which runs end in a head, of those that were passed.
        var isHead = [Bool](repeating: false, count: runs.count)
        let (index, count) = (index, count)
        runs.withUnsafeMutableBufferPointer { runs in
            parents.withUnsafeMutableBufferPointer { parents in
                authors.withUnsafeMutableBufferPointer { authors in
                    isHead.withUnsafeMutableBufferPointer { isHead in
                        index.withBlocks { blocks in
                            let view = GraphView(
                                UnsafeBufferPointer(runs), UnsafeBufferPointer(parents),
                                UnsafeBufferPointer(authors), blocks, count)
                            var pass = Pass(runs, parents, authors, isHead, view)
                            for run in runs.indices { pass.add(run) }
                            pass.finish()
                        }
                    }
                }
            }
        }
        for run in runs.indices where isHead[run] {
            heads.append((run + 1 < runs.count ? Int(runs[run + 1].first) : count) - 1)
        }
    }

    private struct Pass {
        private let runs: UnsafeMutableBufferPointer<CausalGraph.Run>
        private let parents: UnsafeMutableBufferPointer<UInt32>
        private let authors: UnsafeMutableBufferPointer<CausalGraph.Author>
        private let isHead: UnsafeMutableBufferPointer<Bool>
        /// The same, to ask.
        private let view: GraphView
        private var questions: PastQuestions
        private var headCount = 0

        init(
            _ runs: UnsafeMutableBufferPointer<CausalGraph.Run>,
            _ parents: UnsafeMutableBufferPointer<UInt32>,
            _ authors: UnsafeMutableBufferPointer<CausalGraph.Author>,
            _ isHead: UnsafeMutableBufferPointer<Bool>, _ view: GraphView
        ) {
            (self.runs, self.parents, self.authors) = (runs, parents, authors)
            (self.isHead, self.view, questions) = (isHead, view, PastQuestions(view))
        }

        /// The next run: what all before it have seen is known.
        @inline(__always)
        mutating func add(_ run: Int) {
            let made = view.parentRange(ofRun: run)
            if made.count > 1 { sort(made) }
            let before = headCount
            var (coverage, first) = (0, 0)
            for place in made {
                coverage = pass(Int(parents[place]), coverage)
                if place == made.lowerBound { first = coverage }
            }
            if coverage > first { coverage = again(made, coverage) }
            // Who had seen all heads had seen all.
            if headCount == 0, made.count == before { coverage = Int(runs[run].first) }
            runs[run].coverage = UInt32(truncatingIfNeeded: coverage)
            isHead[run] = true
            headCount += 1
            note(run, made, coverage)
        }

        private func sort(_ made: Range<Int>) {
            if made.count > 2 {
                var all = UnsafeMutableBufferPointer(rebasing: parents[made])
                return all.sort()
            }
            let first = made.lowerBound
            if parents[first] > parents[first + 1] { parents.swapAt(first, first + 1) }
        }

        /// Passes a parent, which is a head no more.
        @inline(__always)
        private mutating func pass(_ parent: Int, _ coverage: Int) -> Int {
            let run = view.run(of: parent)
            if isHead[run], parent + 1 == view.events(of: run).upperBound {
                isHead[run] = false
                headCount -= 1
            }
            return view.coverage(behind: parent, run, coverage)
        }

        /// What follows on what some parents had seen may be all in another one's run.
        private func again(_ made: Range<Int>, _ known: Int) -> Int {
            var coverage = known
            var isGrowing = true
            while isGrowing {
                isGrowing = false
                for place in made {
                    let parent = Int(parents[place])
                    let covered = view.coverage(behind: parent, view.run(of: parent), coverage)
                    if covered > coverage { (coverage, isGrowing) = (covered, true) }
                }
            }
            return coverage
        }

        /// Notes of an agent that a run is its.
        @inline(__always)
        private mutating func note(_ run: Int, _ made: Range<Int>, _ coverage: Int) {
            let agent = Int(runs[run].agent)
            let known = authors[agent].last
            guard known != CausalGraph.Author.none else {
                authors[agent].last = UInt32(run)
                return
            }
            let last = Int(known)
            let isLater = runs[last].sequence < runs[run].sequence
            if !authors[agent].isForked {
                let previous = view.events(of: last).upperBound - 1
                let isSeen = previous < coverage || made.contains { parents[$0] == previous }
                if !isLater {
                    authors[agent].isForked = true
                } else if !isSeen {
                    questions.ask(previous, before: run)
                }
            }
            if isLater { authors[agent].last = UInt32(run) }
        }

        /// Notes which agents had not seen what they had made themselves.
        mutating func finish() {
            questions.answer()
            for run in questions.refuted { authors[Int(runs[run].agent)].isForked = true }
        }
    }
}
