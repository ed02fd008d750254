import ChangeLog
import GRDB

/// Deletes what is held of audiences that may not be read any more.
///
/// Own edits that nobody accepted go to the tray, not away. Of own accepted ones the envelope stays, for
/// the chain.
struct Revocation {
    let db: Database
    let identity: ReplicaIdentity
    let schema: Schema

    /// - Parameter reason: why own edits there that have no place in the order go to the tray.
    func revoke(_ audience: AudienceID, because reason: Reason? = nil) throws {
        let reason = reason ?? Self.reason(audience)
        let touched = try LogTable(db: db).touched(in: audience).union(moveToTray(audience, reason))
        try db.execute(
            sql: """
                DELETE FROM touch WHERE \(LogTable.isInAudience) AND change IN (
                    SELECT id FROM change
                    WHERE \(LogTable.isInAudience) AND position IS NOT NULL
                    AND (NOT \(OwnReplicas.condition) OR state = 0))
                """,
            arguments: [audience.name, audience.name])
        try db.execute(
            sql: """
                DELETE FROM gap WHERE change IN (
                    SELECT id FROM change
                    WHERE \(LogTable.isInAudience) AND position IS NOT NULL AND NOT \(OwnReplicas.condition))
                """, arguments: [audience.name])
        try db.execute(
            sql: """
                DELETE FROM change
                WHERE \(LogTable.isInAudience) AND position IS NOT NULL AND NOT \(OwnReplicas.condition)
                """, arguments: [audience.name])
        for row in try LogTable(db: db).rows(
            LogTable.isInAudience + " AND position IS NOT NULL AND state = 0 AND hasContents",
            [audience.name])
        {
            try Self.keepEnvelope(row, db)
        }
        try ChainTable(db: db).forget(audience, except: identity.replica)
        try StagedHeads(db: db, audience: audience).delete()
        for table in ["head", "offer"] {
            try db.execute(sql: "DELETE FROM \(table) WHERE audience = ?", arguments: [audience.name])
        }
        try FingerprintTable(db: db).forget(audience)
        try AudienceTable(db: db).delete(audience)
        try db.execute(
            sql: "INSERT OR IGNORE INTO purged (name) VALUES (?)", arguments: [audience.name])
        let readModel = ReadModel(db: db, schema: schema)
        try readModel.refresh(touched)
        try readModel.dropDeletedWords()
    }

    static let code = "audience.revoked"

    static func reason(_ audience: AudienceID) -> Reason {
        Reason(
            code: code, message: "You may no longer read or write \(audience), where this edit was made.",
            remedy: "Export the edit, or ask the secretariat.")
    }

    /// The device is retired: the edit is at the server, and out of this copy's hands.
    static let handedIn = Reason(
        code: "device.handedIn",
        message: "This device was retired; the edit was handed in, and the secretariat decides about it.",
        remedy: "Ask the secretariat what became of it; it can be exported from the tray.")

    /// Accepted before the audience was revoked, and lost by a server that was restored.
    static let deleted = Reason(
        code: "restore.deleted",
        message: "The restored server lost this edit, which was deleted here when its audience was revoked.",
        remedy: "Whoever still holds it gives it back to the server.")

    /// The same, of an action of which something is here.
    static let deletedMember = "restore.deletedMember"

    /// Deletes the contents of an own accepted change.
    static func keepEnvelope(_ row: LoggedRow, _ db: Database) throws {
        // With its commitment it can still be told of to a server that was restored and does not know it.
        let commitment =
            row.change.map { Chain.commitment(of: $0, hash: ChangeHash.sha256) } ?? row.commitment
        try db.execute(
            sql: "UPDATE change SET hasContents = 0, bytes = ?, commitment = ? WHERE id = ?",
            arguments: [row.envelope.canonicalBytes.data, commitment?.data, row.id])
        try db.execute(
            sql: "DELETE FROM touch WHERE \(LogTable.isInAudience) AND change = ?",
            arguments: [row.audience.name, row.id])
    }

    /// Returns the records to be folded anew, of other audiences too: the rest of a group follows.
    private func moveToTray(_ audience: AudienceID, _ reason: Reason) throws -> Set<RecordAddress> {
        var touched: Set<RecordAddress> = []
        for row in try LogTable(db: db).rows(
            LogTable.isOpen + " AND state IN (1, 2, 3) AND " + LogTable.isInAudience, [audience.name])
        {
            // It may have followed an earlier one already.
            if let known = try LogTable(db: db).row(row.changeID), known.state == .refused {
                try TrayTable(db: db).put(
                    known, reason, entry: known.entry ?? known.changeID.number, isAnswered: known.isAnswered,
                    undecided: known.undecided)
                continue
            }
            let entry = TrayEntry(db: db, number: row.changeID.number)
            // What the server holds it may still let in. A retired device is never told: it waits for nothing.
            let isOpen = row.state != .queued && reason != Self.handedIn
            let undecided = !isOpen ? nil : row.behind.map { Int64(clamping: $0) } ?? -1
            touched.formUnion(
                try entry.take(row, reason, isAnswered: row.isAnswered, undecided: undecided))
        }
        return touched
    }
}
