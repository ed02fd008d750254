/// A causal graph as its arrays lie in memory, for the time of a question.
///
/// It asks nothing twice: an event that is not in the graph is the caller's mistake.
struct GraphView {
    let runs: UnsafeBufferPointer<CausalGraph.Run>
    let parents: UnsafeBufferPointer<UInt32>
    let authors: UnsafeBufferPointer<CausalGraph.Author>
    private let blocks: UnsafeBufferPointer<UInt32>
    let count: Int

    @inline(__always)
    init(
        _ runs: UnsafeBufferPointer<CausalGraph.Run>, _ parents: UnsafeBufferPointer<UInt32>,
        _ authors: UnsafeBufferPointer<CausalGraph.Author>, _ blocks: UnsafeBufferPointer<UInt32>,
        _ count: Int
    ) {
        (self.runs, self.parents, self.authors, self.blocks, self.count) = (
            runs, parents, authors, blocks, count
        )
    }

    /// The number of the run that an event is in.
    @inline(__always)
    func run(of event: Int) -> Int {
        if let last = runs.last, event >= last.first { return runs.count - 1 }
        return BlockIndex.find(event, in: runs, blocks) { $0.first }
    }

    @inline(__always)
    func events(of run: Int) -> Range<Int> {
        Range(
            uncheckedBounds: (Int(runs[run].first), run + 1 < runs.count ? Int(runs[run + 1].first) : count))
    }

    /// Where the parents of the first event of a run stand.
    @inline(__always)
    func parentRange(ofRun run: Int) -> Range<Int> {
        Range(
            uncheckedBounds: (
                Int(runs[run].parents), run + 1 < runs.count ? Int(runs[run + 1].parents) : parents.count
            ))
    }

    @inline(__always)
    func all(_ range: Range<Int>) -> UnsafeBufferPointer<UInt32> {
        UnsafeBufferPointer(rebasing: parents[range])
    }

    /// Whether an event is in the past of what is in a later run because one agent made both, each event of it in sight
    /// of the one before.
    @inline(__always)
    func isOwn(_ ancestor: Int, ofRun run: Int) -> Bool {
        let agent = runs[run].agent
        return !authors[Int(agent)].isForked && runs[self.run(of: ancestor)].agent == agent
    }

    /// A number n such that all events before n are in the past of an event.
    @inline(__always)
    func coverage(of event: Int) -> Int {
        let run = runs[self.run(of: event)]
        return run.coverage == run.first ? event : Int(run.coverage)
    }

    /// A number n such that all events before n are in the past of what is made on these.
    func coverage(of made: [Int]) -> Int {
        var coverage = 0
        // What follows there may be all in one parent's run.
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for parent in made {
                let covered = self.coverage(behind: parent, run(of: parent), coverage)
                if covered > coverage { (coverage, isGrowing) = (covered, true) }
            }
        }
        return coverage
    }

    /// The same, of what is made on this event of a run, where all events before some number are seen already.
    @inline(__always)
    func coverage(behind event: Int, _ run: Int, _ known: Int) -> Int {
        let coverage = max(known, Int(runs[run].coverage))
        return runs[run].first <= coverage ? max(coverage, event + 1) : coverage
    }
}
