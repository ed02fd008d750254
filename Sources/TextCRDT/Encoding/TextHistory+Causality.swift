/// Whether edits that came as names, and not by index, refer to nothing but what their authors had seen.
extension TextHistory {
    /// Looks at the records from these on.
    func isCausal(fromInsertion first: Int, deletion: Int) -> Bool {
        // Without concurrency an author had seen all that came before.
        let isLinear = graph.runs.allSatisfy { $0.coverage == $0.first }
        var latest = 0
        for index in first..<log.insertions.count {
            let record = log.insertions[index]
            let scalars = log.scalars(of: index)
            let isLater = record.origin.first >= latest
            latest = max(latest, record.origin.event(at: scalars.count - 1))
            if isLinear, isLater { continue }
            let number = graph.run(of: record.origin.first)
            let run = graph.runs[number]
            guard isNeighbour(record.left, of: record, run), isNeighbour(record.right, of: record, run) else {
                return false
            }
            // Each scalar of a record was put behind the one before it.
            let end = record.origin.first + scalars.count
            guard record.origin.isStepwise, end > graph.events(of: number).upperBound else { continue }
            for next in number + 1...graph.run(of: end - 1) {
                let start = graph.events(of: next).lowerBound
                guard graph.isAncestor(start - 1, of: start) else { return false }
            }
        }
        return log.deletions[deletion...].allSatisfy(isCausal)
    }

    private func isNeighbour(_ scalar: UInt32, of record: EditLog.Insertion, _ run: CausalGraph.Run) -> Bool {
        if scalar == EditLog.edge { return true }
        let (event, other) = (log.event(of: scalar), record.origin.first)
        return event < run.coverage || event >= run.first && event <= other || isSeen(event, by: other)
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
