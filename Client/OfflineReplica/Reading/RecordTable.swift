import ChangeLog
import GRDB
import Merging

/// What the read model keeps of a record, but for the words that are searched.
struct RecordRow {
    let kind: String?
    let parent: RecordID?
    let presence: Int
    let title: String
    /// The title as people look for it.
    let folded: String
    let isPending: Bool
    let conflicts: Int
    /// Whether anything in view removes it, so that what happens inside it matters.
    let hasRemovals: Bool

    /// - Parameter known: the row as it stands, which may spare folding the title.
    init(_ merged: MergedRecord, title: String, hasRemovals: Bool, known: RecordRow?) {
        kind = merged.kind?.name
        parent = merged.parent
        presence = merged.presence.stored
        self.title = title
        folded = known.flatMap { title.isWritten(as: $0.title) ? $0.folded : nil } ?? TitleFolding.fold(title)
        isPending = merged.isPending
        conflicts = merged.conflicts.count
        self.hasRemovals = hasRemovals
    }

    fileprivate init(_ row: Row) throws {
        kind = row["kind"]
        parent = try row.optionalRecord("parent")
        presence = row["presence"]
        title = row["title"]
        folded = row["folded"]
        isPending = row["isPending"]
        conflicts = row["conflicts"]
        hasRemovals = row["hasRemovals"]
    }
}

extension RecordRow: Equatable {
    /// Titles are compared by their bytes: composed and decomposed letters are two texts.
    static func == (left: RecordRow, right: RecordRow) -> Bool {
        left.kind == right.kind && left.parent == right.parent && left.presence == right.presence
            && left.title.isWritten(as: right.title) && left.folded.isWritten(as: right.folded)
            && left.isPending == right.isPending && left.conflicts == right.conflicts
            && left.hasRemovals == right.hasRemovals
    }
}

extension String {
    /// Whether two texts are equal byte for byte.
    fileprivate func isWritten(as other: String) -> Bool { utf8.elementsEqual(other.utf8) }
}

/// The tables of the read model. What is there already is not written again: most edits change one field,
/// and little of what is listed and searched.
struct RecordTable {
    let db: Database

    func find(_ address: RecordAddress) throws -> (id: Int64, row: RecordRow)? {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM record WHERE audience = \(AudienceTable.named) AND record = ?")
        let row = try Row.fetchOne(statement, arguments: [address.audience.name, address.record.data])
        return try row.map { (id: $0["id"], row: try RecordRow($0)) }
    }

    /// Returns the id of the row.
    func write(_ row: RecordRow, at address: RecordAddress) throws -> Int64 {
        let statement = try db.cachedStatement(
            sql: """
                INSERT INTO record (audience, record, kind, parent, presence, title, folded, isPending,
                    conflicts, hasRemovals)
                VALUES (\(AudienceTable.named), ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (record, audience) DO UPDATE SET kind = excluded.kind,
                    parent = excluded.parent, presence = excluded.presence, title = excluded.title,
                    folded = excluded.folded, isPending = excluded.isPending,
                    conflicts = excluded.conflicts, hasRemovals = excluded.hasRemovals
                RETURNING id
                """)
        let id = try Int64.fetchOne(
            statement,
            arguments: [
                address.audience.name, address.record.data, row.kind, row.parent?.data, row.presence,
                row.title, row.folded, row.isPending, row.conflicts, row.hasRemovals,
            ])
        guard let id else { preconditionFailure("an insertion that returns nothing") }
        return id
    }

    /// Makes the record be found by these words, or by none.
    ///
    /// - Parameter isNew: whether nothing can stand in the index yet.
    func index(_ id: Int64, _ shown: ShownText?, isNew: Bool) throws {
        let known =
            isNew
            ? nil
            : try Row.fetchOne(
                try db.cachedStatement(sql: "SELECT title, body FROM search WHERE rowid = ?"),
                arguments: [id])
        if let known {
            let (title, body): (String, String) = (known[0], known[1])
            if let shown, title.isWritten(as: shown.title), body.isWritten(as: shown.body) { return }
            try forget(id)
        }
        guard let shown else { return }
        try db.cachedStatement(sql: "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)")
            .execute(arguments: [id, shown.title, shown.body])
    }

    func delete(_ id: Int64) throws {
        try forget(id)
        try db.cachedStatement(sql: "DELETE FROM record WHERE id = ?").execute(arguments: [id])
    }

    private func forget(_ id: Int64) throws {
        try db.cachedStatement(sql: "DELETE FROM search WHERE rowid = ?").execute(arguments: [id])
    }
}

extension MergedRecord.Presence {
    var stored: Int {
        switch self {
        case .present: 0
        case .removed: 1
        case .disputed: 2
        }
    }

    init?(stored: Int) {
        switch stored {
        case 0: self = .present
        case 1: self = .removed
        case 2: self = .disputed
        default: return nil
        }
    }
}
