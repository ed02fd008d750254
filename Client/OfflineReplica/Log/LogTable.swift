import ChangeLog
import Foundation
import GRDB
import Merging

/// The log in the database: every change that this replica made or was given.
struct LogTable {
    let db: Database

    /// The condition of the index over what is not accepted, word for word: SQLite uses it for no other.
    static let isOpen = "state <> 0"

    /// The condition that a change is in the audience of a name.
    static let isInAudience = "audience = " + AudienceTable.named

    /// The condition that a change is shown: its audience is whole, or it was made here.
    static let isVisible = """
        (\(OwnReplicas.condition)
            OR audience IN (SELECT id FROM audience WHERE wholeAt IS NOT NULL))
        """

    /// What is put into the log.
    struct Entry {
        var envelope: Envelope
        var change: Change?
        /// Of the change, or of the envelope where there is none.
        var canonicalBytes: [UInt8]
        var state: ChangeState
        var position: Position?
        var effective: HybridTime?
        var inner: ChangeHash
        var previous: ChangeHash?
        /// Inner hashes that lead to it, as long as its chain cannot be walked.
        var links: [ChangeHash]?
        /// The same, for as long as the chain may have to be walked again from there.
        var gap: [ChangeHash] = []
    }

    /// Whether own accepted changes of an audience are deleted here, as it was revoked and has not come back.
    func hidesOwn(in audience: AudienceID) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM change WHERE \(Self.isInAudience) AND state = 0 AND NOT hasContents LIMIT 1")
        return try Row.fetchOne(statement, arguments: [audience.name]) != nil
    }

    /// Returns whether it was not there.
    ///
    /// - Parameter audience: its number.
    func insert(_ entry: Entry, in audience: Int64) throws -> Bool {
        try db.cachedStatement(
            sql: """
                INSERT INTO change (replica, number, audience, position, effective, state,
                    isAnswered, hasContents, bytes, inner, previous, links)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (replica, number) DO NOTHING
                """
        ).execute(arguments: [
            entry.envelope.id.replica.data, try StoredNumber.of(entry.envelope.id.number),
            audience, try entry.position.map { try StoredNumber.of($0) },
            entry.effective.map { Int64(bitPattern: $0.value) }, entry.state.stored,
            entry.state == .accepted, entry.change != nil,
            entry.canonicalBytes.data, entry.inner.data, entry.previous?.data,
            entry.links.map { Data($0.flatMap(\.bytes)) },
        ])
        guard db.changesCount == 1 else { return false }
        let id = db.lastInsertedRowID
        if !entry.gap.isEmpty {
            try db.execute(
                sql: "INSERT INTO gap (change, links) VALUES (?, ?)",
                arguments: [id, Data(entry.gap.flatMap(\.bytes))])
        }
        if let change = entry.change { try insertTouches(of: change, id, in: audience) }
        return true
    }

    func insertTouches(of change: Change, _ id: Int64) throws {
        try insertTouches(of: change, id, in: AudienceTable(db: db).number(of: change.envelope.audience))
    }

    private func insertTouches(of change: Change, _ id: Int64, in audience: Int64) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO touch (audience, record, change) VALUES (?, ?, ?)")
        for record in Self.records(of: change) {
            try insert.execute(arguments: [audience, record.data, id])
        }
    }

    func row(_ change: ChangeID) throws -> LoggedRow? {
        guard let number = Int64(exactly: change.number) else { return nil }
        return try rows("replica = ? AND number = ?", [change.replica.data, number]).first
    }

    /// Rows that meet a condition, in the order that is given.
    func rows(
        _ condition: String, _ arguments: StatementArguments, order: String = "number"
    ) throws -> [LoggedRow] {
        let statement = try db.cachedStatement(
            sql: "SELECT * FROM change WHERE \(condition) ORDER BY \(order)")
        var rows: [LoggedRow] = []
        let cursor = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try cursor.next() { rows.append(try LoggedRow(row)) }
        return rows
    }

    /// What the view shows of a record: accepted changes, and own ones that are on their way.
    func entries(of record: RecordID, in audience: AudienceID) throws -> [LogEntry] {
        let statement = try db.cachedStatement(
            sql: """
                SELECT bytes, position, effective
                FROM audience JOIN touch ON touch.audience = audience.id
                JOIN change ON change.id = touch.change
                WHERE audience.name = ? AND touch.record = ?
                AND (audience.wholeAt IS NOT NULL OR \(OwnReplicas.condition))
                AND state <> 4 AND hasContents ORDER BY touch.change
                """)
        let ancestry = try Ancestry(db)
        var entries: [LogEntry] = []
        let cursor = try Row.fetchCursor(statement, arguments: [audience.name, record.data])
        while let row = try cursor.next() {
            let change = try LoggedRow.change(try row.bytes(at: 0))
            let (position, effective): (Int64?, Int64?) = (row[1], row[2])
            let placement = Placement(
                position.map { Position(UInt64(bitPattern: $0)) },
                effective: effective.map { HybridTime(UInt64(bitPattern: $0)) }, of: change.envelope)
            entries.append(ancestry.entry(change, placement))
        }
        return entries
    }

    /// The records that a change has operations on.
    static func records(of change: Change) -> Set<RecordID> { Set(change.operations.map(\.record)) }

    /// Every record that the log names, in one audience or in all.
    func touched(in audience: AudienceID? = nil) throws -> Set<RecordAddress> {
        let condition = audience.map { _ in "WHERE name = ?" } ?? ""
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT name AS audience, record FROM audience JOIN touch ON touch.audience = audience.id
                \(condition)
                """, arguments: audience.map { [$0.name] } ?? [])
        return Set(
            try rows.map { row in
                RecordAddress(audience: try row.audience("audience"), record: try row.record("record"))
            })
    }
}
