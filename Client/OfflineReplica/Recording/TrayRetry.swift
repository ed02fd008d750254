import ChangeLog
import GRDB
import Merging
import TextCRDT

/// Sends what lies in the tray again, inside one write transaction.
///
/// Edits keep the view that they were made on, so that they still compete with what their author had
/// not seen. A text whose version is still the same keeps it too; where the version lost an event, the
/// text is sent as the difference that it makes on today's view.
struct TrayRetry {
    let recorder: Recorder
    private var db: Database { recorder.db }

    init(_ recorder: Recorder) { self.recorder = recorder }

    /// - Parameter drafts: what to send instead, on the view of the entry's first change.
    func retry(_ entry: UInt64, with drafts: [Draft]?) throws -> [ChangeID] {
        let rows = try TrayTable(db: db).rows(of: entry)
        guard let first = rows.first else {
            throw ReplicaError(.noTrayEntry, "there is no entry \(entry) in the tray")
        }
        try TrayTable(db: db).demandDecided(rows)
        let state = try ReplicaState.load(db)
        var changes: [ChangeID] = []
        if let drafts {
            changes += try recorder.record(drafts, on: try view(of: first, state))
        } else {
            let texts = try lostTexts(rows, state)
            for action in Self.actions(rows) {
                let drafts = action.compactMap { draft($0, without: texts) }
                guard !drafts.isEmpty, let first = action.first else { continue }
                changes += try recorder.record(drafts, on: try view(of: first, state))
            }
            for text in texts where !text.edits.isEmpty {
                let draft = Draft(text.audience, [.edits(text.record, text.field, text.edits)])
                changes += try recorder.record([draft], on: nil)
            }
        }
        try TrayTable(db: db).drop(entry)
        return changes
    }

    /// A text that is sent as a difference.
    private struct LostText {
        let audience: AudienceID
        let record: RecordID
        let field: FieldName
        /// Of today's text.
        let edits: [TextOperation]
    }

    /// The groups of an entry, and its single changes.
    private static func actions(_ rows: [LoggedRow]) -> [[LoggedRow]] {
        var actions: [[LoggedRow]] = []
        for row in rows {
            let isContinued = row.envelope.group.map { $0.index > 0 } ?? false
            if isContinued, !actions.isEmpty {
                actions[actions.count - 1].append(row)
            } else {
                actions.append([row])
            }
        }
        return actions
    }

    /// The view that a change was made on. Its position may be 0 where the audience was not whole then.
    private func view(of row: LoggedRow, _ state: ReplicaState) throws -> View {
        // Of a part of the order that was lost in a restore nothing counts as seen.
        let base = try Ancestry(db).translated(row.envelope.base)
        return View(epoch: state.epoch, cursor: base.position, own: base.own)
    }

    private func draft(_ row: LoggedRow, without texts: [LostText]) -> Draft? {
        let operations = (row.change?.operations ?? []).filter { operation in
            guard case .edit(let record, let field, _, _) = operation else { return true }
            return !texts.contains { $0.record == record && $0.field == field && $0.audience == row.audience }
        }
        return operations.isEmpty ? nil : Draft(row.audience, operations: operations)
    }

    /// The texts of which the entry edits a version that is not what it was.
    private func lostTexts(_ rows: [LoggedRow], _ state: ReplicaState) throws -> [LostText] {
        let ancestry = try Ancestry(db)
        var texts: [LostText] = []
        for row in rows {
            for case .edit(let record, let field, let check, _) in row.change?.operations ?? [] {
                let isListed = texts.contains {
                    $0.record == record && $0.field == field && $0.audience == row.audience
                }
                if isListed { continue }
                let entries = try LogTable(db: db).entries(of: record, in: row.audience)
                let now = TextVersion(
                    of: field, record, in: entries, at: ancestry.translated(row.envelope.base),
                    replica: recorder.identity.replica, lineage: ancestry.lineages[recorder.identity.replica])
                if now.check == check { continue }
                // Of a text that is deleted here nobody can say what the edit makes of it: it stays where it is.
                if try isRevoked(since: row) { throw Revocation.reason(row.audience) }
                texts.append(
                    LostText(
                        audience: row.audience, record: record, field: field,
                        edits: try edits(of: field, record, in: row.audience, entries, rows, state)))
            }
        }
        return texts
    }

    /// Whether an edit was made on an audience that was here whole, and is not any more.
    private func isRevoked(since row: LoggedRow) throws -> Bool {
        guard try AudienceTable(db: db).wholeAt(row.audience) == nil else { return false }
        // An action in several audiences has one base for all, which may be that of one that was not here.
        return try row.envelope.base.position > .origin || LogTable(db: db).hidesOwn(in: row.audience)
    }

    /// What the entry's edits make of today's text.
    private func edits(
        of field: FieldName, _ record: RecordID, in audience: AudienceID, _ entries: [LogEntry],
        _ rows: [LoggedRow], _ state: ReplicaState
    ) throws -> [TextOperation] {
        let ancestry = try Ancestry(db)
        let base = Base(epoch: state.epoch, position: state.cursor, own: state.number)
        var version = LostVersion(of: field, record, among: entries)
        for row in rows where row.audience == audience {
            if let entry = row.logEntry(ancestry) { version.append(entry) }
        }
        return TextVersion.difference(
            of: field, record, in: entries, at: base, replica: recorder.identity.replica,
            lineage: ancestry.lineages[recorder.identity.replica], with: version.edits)
    }
}
