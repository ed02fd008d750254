public import ChangeLog
import GRDB
import SyncProtocol

/// What this replica may read, and how much of it is here.
struct AudienceTable {
    let db: Database

    /// The number of the audience with a name; null for one that the log does not know.
    static let named = "(SELECT id FROM audience WHERE name = ?)"

    /// The number of an audience, given to it now when it is new.
    func number(of audience: AudienceID) throws -> Int64 {
        let find = try db.cachedStatement(sql: "SELECT id FROM audience WHERE name = ?")
        if let number = try Int64.fetchOne(find, arguments: [audience.name]) { return number }
        try db.execute(sql: "INSERT INTO audience (name) VALUES (?)", arguments: [audience.name])
        return db.lastInsertedRowID
    }

    /// The cursor at the moment when the audience became whole; nil as long as it is not.
    func wholeAt(_ audience: AudienceID) throws -> Position? {
        try row(audience)?.optionalPosition("wholeAt")
    }

    /// nil when it is not granted.
    func held(_ audience: AudienceID) throws -> Want.Held? {
        try row(audience).map {
            Want.Held(audience: audience, have: $0.position("have"), end: $0.position("end"))
        }
    }

    /// By name.
    func all() throws -> [AudienceStatus] {
        try Row.fetchAll(db, sql: "SELECT * FROM audience WHERE \"end\" IS NOT NULL ORDER BY name").map {
            row in
            AudienceStatus(
                audience: try row.audience("name"), isComplete: row.optionalPosition("wholeAt") != nil,
                have: row.position("have"), end: row.position("end"))
        }
    }

    func insert(_ audience: AudienceID, end: Position) throws {
        try db.execute(
            sql: """
                INSERT INTO audience (name, have, "end") VALUES (?, 0, ?)
                ON CONFLICT (name) DO UPDATE SET have = 0, "end" = excluded."end", wholeAt = NULL
                """,
            arguments: [audience.name, try StoredNumber.of(end)])
    }

    func advance(_ audience: AudienceID, to have: Position) throws {
        try db.execute(
            sql: "UPDATE audience SET have = ? WHERE name = ?",
            arguments: [try StoredNumber.of(have), audience.name])
    }

    func complete(_ audience: AudienceID, at cursor: Position) throws {
        try db.execute(
            sql: "UPDATE audience SET have = \"end\", wholeAt = ? WHERE name = ?",
            arguments: [try StoredNumber.of(cursor), audience.name])
    }

    /// It may not be read any more. Its number stays: own changes have it.
    func delete(_ audience: AudienceID) throws {
        try db.execute(
            sql: "UPDATE audience SET have = NULL, \"end\" = NULL, wholeAt = NULL WHERE name = ?",
            arguments: [audience.name])
    }

    /// Its lane ends earlier: what stood behind was lost.
    func shorten(_ audience: AudienceID, to end: Position) throws {
        let end = try StoredNumber.of(end)
        try db.execute(
            sql: "UPDATE audience SET \"end\" = min(\"end\", ?), have = min(have, ?) WHERE name = ?",
            arguments: [end, end, audience.name])
    }

    /// What came of audiences that are not whole yet is to come again: nobody could tell any more where the
    /// chains stand in it.
    func forgetStaged() throws {
        for status in try all() where !status.isComplete {
            let audience = status.audience
            let staged = """
                \(LogTable.isInAudience) AND position IS NOT NULL AND NOT \(OwnReplicas.condition)
                """
            for table in ["touch", "gap"] {
                try db.execute(
                    sql: "DELETE FROM \(table) WHERE change IN (SELECT id FROM change WHERE \(staged))",
                    arguments: [audience.name])
            }
            try db.execute(sql: "DELETE FROM change WHERE \(staged)", arguments: [audience.name])
            try db.execute(
                sql: """
                    DELETE FROM chain WHERE audience = ? AND replica <> (SELECT replica FROM replica)
                    """, arguments: [audience.name])
            try StagedHeads(db: db, audience: audience).delete()
            try delete(audience)
        }
    }

    private func row(_ audience: AudienceID) throws -> Row? {
        try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT * FROM audience WHERE name = ? AND \"end\" IS NOT NULL"),
            arguments: [audience.name])
    }
}

/// An audience that this replica may read.
public struct AudienceStatus: Hashable, Sendable {
    public let audience: AudienceID
    /// Whether its older changes are all here; until then it is not shown.
    public let isComplete: Bool
    /// Its changes up to here have come in its own lane, which goes to `end`.
    public let have: Position
    public let end: Position
}
