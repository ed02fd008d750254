/// Whether edits that came as names, and not by index, refer to nothing but what their authors had seen.
extension TextHistory {
    /// Looks at the records from these on.
    func isCausal(fromInsertion first: Int, deletion: Int) -> Bool {
        // Without concurrency an author had seen all that came before.
        let isLinear = graph.runs.allSatisfy { $0.coverage == $0.first }
        var latest = 0
        // The run that a record begins in, and the first scalar there; what was found to be seen in it.
        var (number, events, start, known) = (0, 0..<0, UInt32(0), EditLog.edge)
        for index in first..<log.insertions.count {
            let record = log.insertions[index]
            let event = record.origin.first
            let scalars = log.scalars(of: index)
            let isLater = event >= latest
            latest = max(latest, record.origin.event(at: scalars.count - 1))
            if isLinear, isLater { continue }
            if !events.contains(event) {
                number = graph.run(of: event)
                events = graph.events(of: number)
                (start, known) = (record.scalar, EditLog.edge)
            }
            if !isLater || record.left < start || record.left >= record.scalar {
                guard isNeighbour(record.left, of: event, in: number) else { return false }
            }
            if record.right != known {
                guard isNeighbour(record.right, of: event, in: number) else { return false }
                known = record.right
            }
            // Each scalar of a record was put behind the one before it.
            let end = event + scalars.count
            guard record.origin.isStepwise, end > events.upperBound else { continue }
            for next in number + 1...graph.run(of: end - 1) {
                let start = graph.events(of: next).lowerBound
                guard graph.isAncestor(start - 1, of: start) else { return false }
            }
        }
        return log.deletions[deletion...].allSatisfy(isCausal)
    }

    private func isNeighbour(_ scalar: UInt32, of event: Int, in number: Int) -> Bool {
        if scalar == EditLog.edge { return true }
        let author = log.event(of: scalar)
        let run = graph.runs[number]
        return author < run.coverage || author >= run.first && author <= event || isSeen(author, by: event)
    }

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
