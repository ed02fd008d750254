import ChangeLog
import GRDB

/// Own changes that were refused, out of the view.
struct TrayTable {
    let db: Database

    /// All that lies there, by number.
    func rows() throws -> [LoggedRow] {
        try LogTable(db: db).rows(LogTable.isOpen + " AND state = 4 AND NOT isDropped", [])
    }

    /// What went there together, by number.
    func rows(of entry: UInt64) throws -> [LoggedRow] {
        try LogTable(db: db).rows(
            LogTable.isOpen + " AND state = 4 AND NOT isDropped AND entry = ?", [try StoredNumber.of(entry)])
    }

    /// - Parameter isAnswered: whether the server has said its last word on it. As long as it has not,
    ///   the change is still offered to it, without its contents.
    /// - Parameter undecided: as `LoggedRow.undecided`. Sent again it would come twice, should it be released.
    func put(
        _ row: LoggedRow, _ reason: Reason, entry: UInt64, isAnswered: Bool, undecided: Int64? = nil
    ) throws {
        try db.execute(
            sql: """
                UPDATE change SET state = 4, isAnswered = ?, code = ?, message = ?, remedy = ?,
                    behind = ?, entry = ?
                WHERE id = ?
                """,
            arguments: [
                isAnswered, reason.code, reason.message, reason.remedy, undecided,
                try StoredNumber.of(entry), row.id,
            ])
    }

    /// - Parameter undecided: as for `put`.
    func markAnswered(_ row: LoggedRow, undecided: Int64? = nil) throws {
        try db.execute(
            sql: "UPDATE change SET isAnswered = 1, behind = ? WHERE id = ?", arguments: [undecided, row.id])
    }

    /// - Throws: `tray.undecided` as long as the server may still let a change of the entry in.
    func demandDecided(_ rows: [LoggedRow]) throws {
        guard let row = rows.first(where: { $0.undecided != nil }) else { return }
        throw ReplicaError(.undecided, "the server holds change \(row.changeID.number) of this entry")
    }

    /// The audience can be read again: what the server holds there is shown as that.
    func giveBackHeld(in audience: AudienceID) throws {
        try db.execute(
            sql: """
                UPDATE change SET state = CASE behind WHEN -1 THEN 2 ELSE 3 END, behind = nullif(behind, -1),
                    entry = NULL, code = NULL, message = NULL, remedy = NULL
                WHERE \(LogTable.isOpen) AND state = 4 AND NOT isDropped AND behind IS NOT NULL
                AND \(LogTable.isInAudience)
                """, arguments: [audience.name])
    }

    /// Takes an entry out of the tray; its changes stay in the log, for the chain.
    func drop(_ entry: UInt64) throws {
        try db.execute(
            sql: "UPDATE change SET isDropped = 1 WHERE state <> 0 AND state = 4 AND entry = ?",
            arguments: [try StoredNumber.of(entry)])
    }
}
