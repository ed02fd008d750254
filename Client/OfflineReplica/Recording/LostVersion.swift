import ChangeLog
import Merging
import TextCRDT

/// Edits of a text in the tray whose version a restored server lost, made to fit what is left of it.
///
/// Their indexes count in what their author saw. Where the same edits have come back, in other places of the order, it
/// is found again by its check. Otherwise nobody knows any more where they stood: what was typed is kept, near there, and
/// nothing of anybody else is deleted.
struct LostVersion {
    let record: RecordID
    let field: FieldName
    /// The changes that they may have been made on.
    let known: [LogEntry]
    /// All that were added, as changes that were made on what is left.
    private(set) var edits: [LogEntry] = []
    /// Of all that were added.
    private var ids: [ChangeID] = []
    private var guess: Guess?
    /// Those that were guessed, unless the view showed them so too. What was made on one of them fits no version
    /// either: its check names the same changes, but its indexes count in what these made before.
    private var guessed: [ChangeID] = []

    /// Edits that were made one on another, on a version that nobody knows; the last of `edits`.
    private struct Guess {
        /// The length of what is left of it, scalars.
        let length: Int
        var typed = TypedText()
        /// Of the version that they made.
        var check: TextCheck
    }

    /// Edits of the entry are taken as those of somebody else: what was recorded since was not made on them, although
    /// their numbers say so. Behind all others, as what has no position stands in the order of the replicas.
    private static let standIn = ReplicaID(Identifier128(high: .max, low: .max))

    init(of field: FieldName, _ record: RecordID, among known: [LogEntry]) {
        self.record = record
        self.field = field
        self.known = known
    }

    /// Adds the next change of the entry.
    mutating func append(_ entry: LogEntry) {
        let (id, parts) = (entry.change.id, parts(of: entry))
        guard let check = parts.first?.check else { return }
        defer { ids.append(id) }
        let operations = parts.flatMap(\.edits)
        if let base = base(of: entry, check) {
            return append(entry, on: base, check, operations)
        }
        if var guess, guess.check == check {
            for edit in operations { guess.typed.apply(edit) }
            guess.check = check.adding(id)
            self.guess = guess
            guessed += [id, ids.last ?? id]
            let place = edits.count - 1
            edits[place].change.operations = [
                .edit(record, field, check: check, guess.typed.insertions(into: guess.length))
            ]
            return
        }
        let base = entry.change.envelope.base
        append(entry, on: base, check, [])
        var guess = Guess(length: length(seenBy: edits[edits.count - 1]), check: check.adding(id))
        for edit in operations { guess.typed.apply(edit) }
        let insertions = guess.typed.insertions(into: guess.length)
        edits[edits.count - 1].change.operations = [.edit(record, field, check: check, insertions)]
        if insertions != operations { guessed.append(id) }
        self.guess = guess
    }

    private mutating func append(
        _ entry: LogEntry, on base: Base, _ check: TextCheck, _ operations: [TextOperation]
    ) {
        guess = nil
        let id = entry.change.id
        var edit = entry
        edit.change.envelope.id = ChangeID(replica: Self.standIn, number: id.number)
        edit.change.envelope.base = base
        edit.change.operations = [.edit(record, field, check: check, operations)]
        edit.lineage = Lineage(
            continuing: ChangeID(replica: id.replica, number: base.own), of: entry.lineage)
        edits.append(edit)
    }

    /// How many scalars are left of the version that one was made on.
    private func length(seenBy edit: LogEntry) -> Int {
        TextVersion(
            of: field, record, in: known + edits.dropLast(), at: edit.change.envelope.base,
            replica: Self.standIn, lineage: edit.lineage
        ).text.unicodeScalars.count
    }

    /// What a change does to the text.
    private func parts(of entry: LogEntry) -> [(check: TextCheck, edits: [TextOperation])] {
        entry.change.operations.compactMap { operation in
            guard case .edit(record, field, let check, let edits) = operation else { return nil }
            return (check, edits)
        }
    }

    /// The base of the version that an edit was made on; nil where that is not to be had.
    private func base(of entry: LogEntry, _ wanted: TextCheck) -> Base? {
        let replica = entry.change.id.replica
        var base = entry.change.envelope.base
        guard !guessed.contains(where: { $0.replica == replica && $0.number <= base.own }) else { return nil }
        let events =
            known.filter { !parts(of: $0).isEmpty }.map { ($0.change.id, $0.placement.position) }
            + ids.map { ($0, nil) }
        var check = TextVersion.check(of: events, at: base, replica: replica, lineage: entry.lineage)
        if check == wanted { return base }
        let others = events.compactMap { change, position -> (ChangeID, Position)? in
            guard let position, position > base.position, change.replica != replica,
                !entry.lineage.includes(change)
            else { return nil }
            return (change, position)
        }
        for (change, position) in others.sorted(by: { $0.1 < $1.1 }) {
            check = check.adding(change)
            guard check == wanted else { continue }
            base.position = position
            return base
        }
        return nil
    }
}
