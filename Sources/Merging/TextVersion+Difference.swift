public import ChangeLog
public import TextCRDT

extension TextVersion {
    /// What edits that a view does not hold make of the version that it does hold.
    ///
    /// Their own characters come in, and those that they took away go: so what is alike in both stays whose it was, which a
    /// comparison of the two texts would not know.
    ///
    /// - Parameters:
    ///   - entries: all changes with an operation on the record that may be in the view.
    ///   - others: changes that are not in the view, each with what it saw. None of the view may have seen them.
    ///   - lineage: of `replica`.
    /// - Returns: operations on the version, each on the result of the one before; none where nothing differs.
    public static func difference(
        of field: FieldName, _ record: RecordID, in entries: [LogEntry], at base: Base, replica: ReplicaID,
        lineage: Lineage = .none, with others: [LogEntry]
    ) -> [TextOperation] {
        let graph = TextGraph(RecordFold.edits(of: field, record, in: entries + others))
        let view = View(base: base, replica: replica, lineage: lineage)
        return graph.difference(from: view, with: Set(others.map(\.id)))
    }
}

extension TextGraph {
    fileprivate func difference(from view: View, with others: Set<ChangeID>) -> [TextOperation] {
        let isHeld = events.map { event in
            !others.contains(event.step.change)
                && view.holds(event.step.change, at: event.step.rank.position)
        }
        let (old, new) = (
            heads { isHeld[$0] }, heads { isHeld[$0] || others.contains(events[$0].step.change) }
        )
        // Every event of the graph is in the history.
        guard let comparison = try? history.comparison(from: old, to: new) else { return [] }
        var index = 0
        return comparison.segments.compactMap { segment in
            let count = segment.text.unicodeScalars.count
            defer { if segment.fate != .deleted { index += count } }
            return switch segment.fate {
            case .kept: nil
            case .inserted: .insert(at: index, text: segment.text)
            case .deleted: .delete(at: index, count: count)
            }
        }
    }
}
