import ChangeLog
import GRDB
import Merging

/// A record within its audience.
struct RecordAddress: Hashable, Comparable {
    let audience: AudienceID
    let record: RecordID

    static func < (left: Self, right: Self) -> Bool {
        (left.audience, left.record) < (right.audience, right.record)
    }
}

/// The tables that lists are read from; whatever they hold follows from the log.
///
/// After each change to the log the records that it touches are folded again, with all that contain
/// them.
struct ReadModel {
    let db: Database
    let schema: Schema

    /// Folds these records anew, and those above them.
    func refresh(_ touched: Set<RecordAddress>) throws {
        // Children first: they may change who is above whom.
        var next = try parents(of: touched) { try refold($0) }
        var visited: Set<RecordAddress> = []
        // A record that was folded before its children moved is folded once more.
        while !next.isEmpty {
            let above = next.subtracting(visited)
            visited.formUnion(above)
            next = try parents(of: above) { try refoldAround($0) }
        }
    }

    /// Deleted words stay in the segments of the index until these are merged.
    func dropDeletedWords() throws { try db.execute(sql: "INSERT INTO search (search) VALUES ('optimize')") }

    private func parents(
        of addresses: Set<RecordAddress>, _ refold: (RecordAddress) throws -> [RecordID]
    ) throws -> Set<RecordAddress> {
        var parents: Set<RecordAddress> = []
        for address in addresses.sorted() {
            for parent in try refold(address) {
                parents.insert(RecordAddress(audience: address.audience, record: parent))
            }
        }
        return parents
    }

    /// Folds a record anew of which only the contents have changed: they matter to nothing but its removal.
    ///
    /// Returns what contains it.
    private func refoldAround(_ address: RecordAddress) throws -> [RecordID] {
        guard let row = try RecordTable(db: db).find(address)?.row, !row.hasRemovals else {
            return try refold(address)
        }
        return row.parent.map { [$0] } ?? []
    }

    /// The fold of a record as the view shows it; nil when nothing in view touches it.
    func merged(_ address: RecordAddress) throws -> MergedRecord? {
        try fold(address)?.merged
    }

    private func fold(_ address: RecordAddress) throws -> (merged: MergedRecord, hasRemovals: Bool)? {
        let entries = try LogTable(db: db).entries(of: address.record, in: address.audience)
        guard !entries.isEmpty else { return nil }
        let hasRemovals = entries.contains { $0.removes(address.record) }
        // Edits inside a record matter against its removal only.
        let merged = RecordFold.fold(
            record: address.record, entries: entries,
            contained: hasRemovals ? try touches(inside: address) : [])
        return (merged, hasRemovals)
    }

    private func touches(inside address: RecordAddress) throws -> [Touch] {
        // Not a joined table: SQLite would index all records for each question.
        let place = "(SELECT id FROM audience WHERE name = ?1)"
        let statement = try db.cachedStatement(
            sql: """
                WITH RECURSIVE inside (record) AS (
                    SELECT record FROM record WHERE audience = \(place) AND parent = ?2
                    UNION
                    SELECT record.record FROM inside JOIN record ON record.parent = inside.record
                    WHERE record.audience = \(place)
                )
                SELECT record FROM inside WHERE record <> ?2
                """)
        let children = try Row.fetchAll(statement, arguments: [address.audience.name, address.record.data])
            .map { try $0.record("record") }
        var touches: [Touch] = []
        for child in children.sorted() {
            for entry in try LogTable(db: db).entries(of: child, in: address.audience)
            where entry.edits(child) {
                touches.append(Touch(entry.change.envelope, entry.placement))
            }
        }
        return touches
    }

    /// Folds a record anew, and returns what contained it before and what does now.
    private func refold(_ address: RecordAddress) throws -> [RecordID] {
        let table = RecordTable(db: db)
        let known = try table.find(address)
        let old = known?.row.parent.map { [$0] } ?? []
        guard let (merged, hasRemovals) = try fold(address) else {
            if let known { try table.delete(known.id) }
            return old
        }
        let shown = ShownText(merged, schema)
        let row = RecordRow(
            merged, title: shown.title, hasRemovals: hasRemovals, known: known?.row)
        let id: Int64
        if let known, known.row == row {
            id = known.id
        } else {
            id = try table.write(row, at: address)
        }
        try table.index(id, merged.isVisible && !shown.isEmpty ? shown : nil, isNew: known == nil)
        return row.parent == known?.row.parent ? old : old + (row.parent.map { [$0] } ?? [])
    }

    /// Empties the tables and fills them from the log.
    func rebuild() throws {
        try db.execute(sql: "DELETE FROM search; DELETE FROM record")
        try refresh(try LogTable(db: db).touched())
    }
}

extension LogEntry {
    fileprivate func removes(_ record: RecordID) -> Bool {
        change.operations.contains { operation in
            if case .remove(record, _) = operation { true } else { false }
        }
    }

    /// Whether it does anything to the record but remove it.
    fileprivate func edits(_ record: RecordID) -> Bool {
        change.operations.contains { operation in
            if case .remove = operation { return false }
            return operation.record == record
        }
    }
}
