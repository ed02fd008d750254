import ChangeLog
import GRDB
import SyncProtocol

/// The moment when the older part of an audience is all here.
struct AudienceCompletion {
    let db: Database
    let identity: ReplicaIdentity

    /// Follows the chains of what came meanwhile in the main stream, and makes everything visible.
    ///
    /// - Returns: the records to be folded anew.
    func complete(_ audience: AudienceID, _ state: ReplicaState) throws -> Set<RecordAddress> {
        if audience == Roster.audience { try noteRoster() }
        try followStaged(audience)
        try TrayTable(db: db).giveBackHeld(in: audience)
        try FingerprintTable(db: db).forget(audience)
        try AudienceTable(db: db).complete(audience, at: state.cursor)
        try db.execute(
            sql: "UPDATE change SET links = NULL WHERE \(LogTable.isInAudience) AND links IS NOT NULL",
            arguments: [audience.name])
        return try LogTable(db: db).touched(in: audience)
    }

    /// What came of the roster before the server's replica was known.
    private func noteRoster() throws {
        let staged = try LogTable(db: db).rows(
            LogTable.isInAudience + " AND links IS NOT NULL", [Roster.audience.name], order: "position")
        for change in staged.compactMap(\.change) { try RosterTable(db: db).note(change) }
    }

    private func followStaged(_ audience: AudienceID) throws {
        let steps = try Row.fetchAll(
            db,
            sql: """
                SELECT replica, number, inner, links FROM change
                WHERE \(LogTable.isInAudience) AND links IS NOT NULL ORDER BY position
                """, arguments: [audience.name]
        ).map { row in
            ChainWalk.Step(
                change: ChangeID(replica: try row.replica("replica"), number: row.number("number")),
                inner: try row.hash("inner"), links: try HashList.read(try row.bytes("links")))
        }
        let heads = try StagedHeads(db: db, audience: audience).take()
        try ChainWalk(db: db, identity: identity, audience: audience).follow(steps, heads: heads)
    }
}
