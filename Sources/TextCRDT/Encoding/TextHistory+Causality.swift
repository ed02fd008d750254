/// Whether edits that came as names, and not by index, refer to nothing but what their authors had seen.
extension TextHistory {
    /// Looks at the records from these on.
    func isCausal(fromInsertion first: Int, deletion: Int) -> Bool {
        var causality = Causality(graph)
        for index in first..<log.insertions.count {
            causality.look(at: index, log, rightOwner: nil, leftOwner: nil)
        }
        return causality.holds && isCausal(fromDeletion: deletion)
    }

    func isCausal(fromDeletion first: Int) -> Bool { log.deletions[first...].allSatisfy(isCausal) }

    private func isSeen(_ event: Int, by other: Int) -> Bool {
        event == other || graph.isAncestor(event, of: other)
    }

    private func isCausal(_ record: EditLog.Deletion) -> Bool {
        var scalar = Int(record.scalar)
        let end = scalar + Int(record.count)
        while scalar < end {
            let index = log.insertion(of: UInt32(scalar))
            let all = log.scalars(of: index)
            let part = min(end, all.upperBound)
            let origin = log.insertions[index].origin
            // The newest of these, before which all others of the record were seen.
            let newest = origin.event(at: part - 1 - all.lowerBound)
            if !record.origin.isStepwise {
                guard isSeen(newest, by: record.origin.first) else { return false }
            } else if newest >= graph.coverage(of: record.origin.first)
                || graph.run(of: record.origin.first)
                    != graph.run(of: record.origin.event(at: Int(record.count) - 1))
            {
                for step in scalar..<part {
                    let offset = record.isBackwards ? end - 1 - step : step - Int(record.scalar)
                    let author = origin.event(at: step - all.lowerBound)
                    guard isSeen(author, by: record.origin.event(at: offset)) else { return false }
                }
            }
            scalar = part
        }
        return true
    }
}

/// Looks at insertions, one after the other.
struct Causality {
    private(set) var holds = true

    private let graph: CausalGraph
    /// Without concurrency an author had seen all that came before.
    private let isLinear: Bool
    private var latest = 0
    /// The run that the last record began in, and the first scalar there; what was found to be seen in it.
    private var run = 0
    private var events = 0..<0
    private var start: UInt32 = 0
    private var known = EditLog.edge

    init(_ graph: CausalGraph) {
        self.graph = graph
        isLinear = graph.runs.allSatisfy { $0.coverage == $0.first }
    }

    /// The owners are the insertions that its neighbours are of, where somebody has looked. Who hangs on the right one,
    /// with which the left one was seen, names that alone.
    mutating func look(at index: Int, _ log: EditLog, rightOwner: Int?, leftOwner: Int?) {
        let record = log.insertions[index]
        let event = record.origin.first
        let count = log.scalars(of: index).count
        let isLater = event >= latest
        latest = max(latest, record.origin.event(at: count - 1))
        if isLinear, isLater { return }
        if !events.contains(event) {
            run = graph.run(of: event)
            events = graph.events(of: run)
            (start, known) = (record.scalar, EditLog.edge)
        }
        if rightOwner == nil || leftOwner != nil,
            !isLater || record.left < start || record.left >= record.scalar
        {
            look(at: record.left, of: event, log, leftOwner)
        }
        if record.right != known {
            look(at: record.right, of: event, log, rightOwner)
            known = record.right
        }
        // Each scalar of a record was put behind the one before it.
        let end = event + count
        guard record.origin.isStepwise, end > events.upperBound else { return }
        for next in run + 1...graph.run(of: end - 1) {
            let start = graph.events(of: next).lowerBound
            if !graph.isAncestor(start - 1, of: start) { holds = false }
        }
    }

    private mutating func look(at scalar: UInt32, of event: Int, _ log: EditLog, _ owner: Int?) {
        if scalar == EditLog.edge { return }
        let record = log.insertions[owner ?? log.insertion(of: scalar)]
        let author = record.origin.event(at: Int(scalar - record.scalar))
        let run = graph.runs[run]
        if author < run.coverage || author >= run.first && author <= event { return }
        if author != event, !graph.isAncestor(author, of: event) { holds = false }
    }
}
