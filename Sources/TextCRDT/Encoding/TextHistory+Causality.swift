/// Whether edits that came as names, and not by index, refer to nothing but what their authors had seen.
extension TextHistory {
    /// Looks at the records from these on.
    func isCausal(fromInsertion first: Int, deletion: Int) -> Bool {
        log.withView { view in
            isCausal(fromInsertion: first, deletion: deletion) { view.hook(of: view.insertions[$0]) }
        }
    }

    /// - Parameter hook: tells what an insertion hangs on.
    @inline(__always)
    func isCausal(fromInsertion first: Int, deletion: Int, hook: (Int) -> Hook) -> Bool {
        log.withView { view in
            graph.withView { graph in
                var causality = Causality(graph, view)
                for index in first..<view.insertions.count { causality.look(at: index, hook) }
                log.deletions.withUnsafeBufferPointer { deletions in
                    for record in deletions[deletion...] { causality.look(at: record) }
                }
                return causality.isSound()
            }
        }
    }
}

/// Looks at insertions, one after the other, and at deletions.
private struct Causality {
    /// Whether nothing was found so far that cannot be.
    private var holds = true

    private let graph: GraphView
    private let log: LogView
    private var questions: PastQuestions
    /// Without concurrency an author had seen all that came before.
    private let isLinear: Bool
    private var latest = 0
    /// The run that the last record began in.
    private var run = 0
    private var events = 0..<0

    init(_ graph: GraphView, _ log: LogView) {
        (self.graph, self.log, questions) = (graph, log, PastQuestions(graph))
        isLinear = graph.runs.allSatisfy { $0.coverage == $0.first }
    }

    /// Who hangs on the right neighbour, with which the left one was seen, is asked for that alone; and who has the
    /// right neighbour of the left one, with which it was seen too, for the left one.
    @inline(__always)
    mutating func look(at index: Int, _ hook: (Int) -> Hook) {
        let record = log.insertions[index]
        let event = record.origin.first
        let count = Int(log.end(of: index) - record.scalar)
        let isLater = event >= latest
        latest = max(latest, record.origin.event(at: count - 1))
        if isLinear, isLater { return }
        look(record, event, count, hook(index))
    }

    private mutating func look(_ record: EditLog.Insertion, _ event: Int, _ count: Int, _ hook: Hook) {
        if !events.contains(event) {
            run = graph.run(of: event)
            events = graph.events(of: run)
        }
        if hook.isLeft {
            look(at: record.right, of: event, hook.owner)
        } else {
            if !hook.isOnStart { look(at: record.left, of: event, hook.owner) }
            if hook.namesRight { look(at: record.right, of: event, log.insertion(of: record.right)) }
        }
        // Each scalar of a record was put behind the one before it.
        let end = event + count
        guard record.origin.isStepwise, end > events.upperBound else { return }
        for next in run + 1...graph.run(of: end - 1) {
            let start = graph.events(of: next).lowerBound
            if !graph.isAncestor(start - 1, of: start) { holds = false }
        }
    }

    @inline(__always)
    private mutating func look(at scalar: UInt32, of event: Int, _ owner: Int) {
        let record = log.insertions[owner]
        let author = record.origin.event(at: Int(scalar - record.scalar))
        ask(author, by: event, in: run)
    }

    /// Asks whether an event is another one, which is in this run, or in its past.
    @inline(__always)
    private mutating func ask(_ event: Int, by other: Int, in run: Int) {
        let record = graph.runs[run]
        if event < record.coverage || event >= record.first && event <= other { return }
        // Nobody had seen what came later.
        if event >= record.first {
            holds = false
        } else if !graph.isOwn(event, ofRun: run) {
            questions.ask(event, before: run)
        }
    }

    mutating func isSound() -> Bool {
        questions.answer()
        return holds && questions.refuted.isEmpty
    }

    @inline(__always)
    mutating func look(at record: EditLog.Deletion) {
        var scalar = record.scalar
        let end = scalar + record.count
        while scalar < end {
            let index = log.insertion(of: scalar)
            let inserted = log.insertions[index]
            let part = min(end, log.end(of: index))
            // The newest of these, before which all others of the record were seen.
            let newest = inserted.origin.event(at: Int(part - 1 - inserted.scalar))
            if !(isLinear && newest < record.origin.first) {
                look(at: record, from: scalar, to: part, of: inserted, newest)
            }
            scalar = part
        }
    }

    private mutating func look(
        at record: EditLog.Deletion, from start: UInt32, to end: UInt32, of inserted: EditLog.Insertion,
        _ newest: Int
    ) {
        let first = record.origin.first
        let run = graph.run(of: first)
        if !record.origin.isStepwise { return ask(newest, by: first, in: run) }
        if newest < graph.coverage(of: first), graph.events(of: run).contains(first + Int(record.count) - 1) {
            return
        }
        for scalar in start..<end {
            let step = scalar - record.scalar
            let offset = record.isBackwards ? record.count - 1 - step : step
            let author = inserted.origin.event(at: Int(scalar - inserted.scalar))
            let event = first + Int(offset)
            ask(author, by: event, in: graph.run(of: event))
        }
    }
}
