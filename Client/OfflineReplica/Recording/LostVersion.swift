import ChangeLog
import Merging
import TextCRDT

/// Edits of a text whose version a restored server lost, made to fit what is left of it.
///
/// Their indexes count in what their author saw. Where the same edits have come back, in other places of the order, it
/// is found again by its check. Otherwise nobody knows any more where they stood: what was typed is kept, near there, and
/// nothing is deleted.
struct LostVersion {
    let record: RecordID
    let field: FieldName

    /// - Parameter known: the changes that it may have been made on.
    func fitted(_ entry: LogEntry, among known: [LogEntry]) -> LogEntry {
        var entry = entry
        let (base, replica) = (entry.change.envelope.base, entry.change.id.replica)
        guard let wanted = named(entry.change) else { return entry }
        let events = known.filter { named($0.change) != nil }.map { ($0.change.id, $0.position) }
        var check = TextVersion.check(of: events, at: base, replica: replica, lineage: entry.lineage)
        if check == wanted { return entry }
        let others = events.compactMap { change, position -> (ChangeID, Position)? in
            guard let position, position > base.position, change.replica != replica,
                !entry.lineage.includes(change)
            else { return nil }
            return (change, position)
        }
        for (change, position) in others.sorted(by: { $0.1 < $1.1 }) {
            check = check.adding(change)
            guard check == wanted else { continue }
            entry.change.envelope.base.position = position
            return entry
        }
        let left = TextVersion(
            of: field, record, in: known, at: base, replica: replica, lineage: entry.lineage)
        return clamped(entry, to: left.text.unicodeScalars.count)
    }

    /// The check of its edits of the text; nil where it has none.
    private func named(_ change: Change) -> TextCheck? {
        for case .edit(record, field, let check, _) in change.operations { return check }
        return nil
    }

    private func clamped(_ entry: LogEntry, to length: Int) -> LogEntry {
        var (entry, length) = (entry, length)
        entry.change.operations = entry.change.operations.compactMap { operation in
            guard case .edit(record, field, let check, let edits) = operation else { return operation }
            let kept = edits.compactMap { edit -> TextOperation? in
                guard case .insert(let index, let text) = edit else { return nil }
                defer { length += text.unicodeScalars.count }
                return .insert(at: min(index, length), text: text)
            }
            return kept.isEmpty ? nil : .edit(record, field, check: check, kept)
        }
        return entry
    }
}

extension LogEntry {
    fileprivate var position: Position? {
        if case .accepted(let position, _) = placement { position } else { nil }
    }
}
