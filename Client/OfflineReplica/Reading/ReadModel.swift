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
        var done: Set<RecordAddress> = []
        var upward: Set<RecordAddress> = []
        // Children first may change who is above whom, so ancestors are looked up afterwards.
        for address in touched.sorted() {
            let old = try parent(of: address)
            let new = try refold(address)
            done.insert(address)
            for parent in [old, new].compactMap({ $0 }) {
                upward.insert(RecordAddress(audience: address.audience, record: parent))
            }
        }
        // A record that was folded before its children moved is folded once more.
        var next = upward
        var visited: Set<RecordAddress> = []
        while !next.isEmpty {
            var above: Set<RecordAddress> = []
            for address in next.sorted() where visited.insert(address).inserted {
                try refold(address)
                if let parent = try parent(of: address) {
                    above.insert(RecordAddress(audience: address.audience, record: parent))
                }
            }
            next = above
        }
    }

    /// The fold of a record as the view shows it; nil when nothing in view touches it.
    func merged(_ address: RecordAddress) throws -> MergedRecord? {
        let entries = try LogTable(db: db).entries(of: address.record, in: address.audience)
        guard !entries.isEmpty else { return nil }
        return RecordFold.fold(
            record: address.record, entries: entries,
            contained: try touches(inside: address, ifRemovedBy: entries))
    }

    /// Edits inside a record matter against its removal only.
    private func touches(inside address: RecordAddress, ifRemovedBy entries: [LogEntry]) throws -> [Touch] {
        let isRemoved = entries.contains { entry in
            entry.change.operations.contains { operation in
                if case .remove(address.record, _) = operation { true } else { false }
            }
        }
        guard isRemoved else { return [] }
        let statement = try db.cachedStatement(
            sql: """
                WITH RECURSIVE inside (record) AS (
                    SELECT record FROM record WHERE audience = ?1 AND parent = ?2
                    UNION
                    SELECT record.record FROM record JOIN inside ON record.parent = inside.record
                    WHERE record.audience = ?1
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

    private func parent(of address: RecordAddress) throws -> RecordID? {
        let statement = try db.cachedStatement(
            sql: "SELECT parent FROM record WHERE audience = ? AND record = ?")
        let row = try Row.fetchOne(statement, arguments: [address.audience.name, address.record.data])
        return try row?.optionalRecord("parent")
    }

    /// Returns what contains the record now.
    @discardableResult
    private func refold(_ address: RecordAddress) throws -> RecordID? {
        guard let merged = try merged(address) else {
            try forget(address)
            return nil
        }
        let shown = ShownText(merged, schema)
        try db.cachedStatement(
            sql: """
                INSERT INTO record (audience, record, kind, parent, presence, title, folded, isPending,
                    conflicts)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (audience, record) DO UPDATE SET kind = excluded.kind,
                    parent = excluded.parent, presence = excluded.presence, title = excluded.title,
                    folded = excluded.folded, isPending = excluded.isPending,
                    conflicts = excluded.conflicts
                """
        ).execute(arguments: [
            address.audience.name, address.record.data, merged.kind?.name, merged.parent?.data,
            merged.presence.stored, shown.title, TitleFolding.fold(shown.title), merged.isPending,
            merged.conflicts.count,
        ])
        try index(address, merged.isVisible ? shown : nil)
        return merged.parent
    }

    private func index(_ address: RecordAddress, _ shown: ShownText?) throws {
        guard let id = try rowID(address) else { return }
        try db.cachedStatement(sql: "DELETE FROM search WHERE rowid = ?").execute(arguments: [id])
        guard let shown, !shown.isEmpty else { return }
        try db.cachedStatement(sql: "INSERT INTO search (rowid, title, body) VALUES (?, ?, ?)")
            .execute(arguments: [id, shown.title, shown.body])
    }

    private func forget(_ address: RecordAddress) throws {
        guard let id = try rowID(address) else { return }
        try db.cachedStatement(sql: "DELETE FROM search WHERE rowid = ?").execute(arguments: [id])
        try db.cachedStatement(sql: "DELETE FROM record WHERE id = ?").execute(arguments: [id])
    }

    private func rowID(_ address: RecordAddress) throws -> Int64? {
        let statement = try db.cachedStatement(
            sql: "SELECT id FROM record WHERE audience = ? AND record = ?")
        return try Int64.fetchOne(statement, arguments: [address.audience.name, address.record.data])
    }

    /// Empties the tables and fills them from the log.
    func rebuild() throws {
        try db.execute(sql: "DELETE FROM search; DELETE FROM record")
        try refresh(try LogTable(db: db).touched())
    }
}

extension LogEntry {
    /// Whether it does anything to the record but remove it.
    fileprivate func edits(_ record: RecordID) -> Bool {
        change.operations.contains { operation in
            if case .remove = operation { return false }
            return operation.record == record
        }
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
