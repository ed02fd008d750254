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
    func put(_ row: LoggedRow, _ reason: Reason, entry: UInt64, isAnswered: Bool) throws {
        try db.execute(
            sql: """
                UPDATE change SET state = 4, isAnswered = ?, code = ?, message = ?, remedy = ?,
                    behind = NULL, entry = ?
                WHERE id = ?
                """,
            arguments: [
                isAnswered, reason.code, reason.message, reason.remedy, try StoredNumber.of(entry), row.id,
            ])
    }

    func markAnswered(_ row: LoggedRow) throws {
        try db.execute(sql: "UPDATE change SET isAnswered = 1 WHERE id = ?", arguments: [row.id])
    }

    /// Takes an entry out of the tray; its changes stay in the log, for the chain.
    func drop(_ entry: UInt64) throws {
        try db.execute(
            sql: "UPDATE change SET isDropped = 1 WHERE state <> 0 AND state = 4 AND entry = ?",
            arguments: [try StoredNumber.of(entry)])
    }
}
