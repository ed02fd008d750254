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
                guard causality.holds else { return false }
                return log.deletions.withUnsafeBufferPointer { deletions in
                    deletions[deletion...].allSatisfy { causality.isCausal($0) }
                }
            }
        }
    }
}

/// Looks at insertions, one after the other, and at deletions.
private struct Causality {
    private(set) var holds = true

    private let graph: GraphView
    private let log: LogView
    /// Without concurrency an author had seen all that came before.
    private let isLinear: Bool
    private var latest = 0
    /// The run that the last record began in.
    private var run = 0
    private var events = 0..<0

    init(_ graph: GraphView, _ log: LogView) {
        (self.graph, self.log) = (graph, log)
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
        let run = graph.runs[run]
        if author < run.coverage || author >= run.first && author <= event { return }
        if author != event, !graph.isAncestor(author, of: event) { holds = false }
    }

    private func isSeen(_ event: Int, by other: Int) -> Bool {
        event == other || graph.isAncestor(event, of: other)
    }

    @inline(__always)
    func isCausal(_ record: EditLog.Deletion) -> Bool {
        var scalar = record.scalar
        let end = scalar + record.count
        while scalar < end {
            let index = log.insertion(of: scalar)
            let inserted = log.insertions[index]
            let part = min(end, log.end(of: index))
            // The newest of these, before which all others of the record were seen.
            let newest = inserted.origin.event(at: Int(part - 1 - inserted.scalar))
            if !(isLinear && newest < record.origin.first) {
                guard isCausal(record, from: scalar, to: part, of: inserted, newest) else { return false }
            }
            scalar = part
        }
        return true
    }

    private func isCausal(
        _ record: EditLog.Deletion, from start: UInt32, to end: UInt32, of inserted: EditLog.Insertion,
        _ newest: Int
    ) -> Bool {
        let first = record.origin.first
        if !record.origin.isStepwise { return isSeen(newest, by: first) }
        if newest < graph.coverage(of: first),
            graph.run(of: first) == graph.run(of: record.origin.event(at: Int(record.count) - 1))
        {
            return true
        }
        for scalar in start..<end {
            let step = scalar - record.scalar
            let offset = record.isBackwards ? record.count - 1 - step : step
            let author = inserted.origin.event(at: Int(scalar - inserted.scalar))
            guard isSeen(author, by: record.origin.event(at: Int(offset))) else { return false }
        }
        return true
    }
}
