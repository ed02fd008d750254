import ChangeLog
import GRDB

/// What goes to the tray together: a change, and all that cannot stand without it.
struct TrayEntry {
    let db: Database
    /// Of the change that began it.
    let number: UInt64

    /// Takes in a change, and what follows it.
    ///
    /// - Parameters:
    ///   - isAnswered: whether the server has said its last word on it.
    ///   - undecided: as for `TrayTable.put`.
    /// - Returns: the records to be folded anew.
    func take(
        _ row: LoggedRow, _ reason: Reason, isAnswered: Bool, undecided: Int64? = nil
    ) throws -> Set<RecordAddress> {
        try TrayTable(db: db).put(row, reason, entry: number, isAnswered: isAnswered, undecided: undecided)
        var touched = row.addresses
        var causes = [row]
        while let cause = causes.popLast() {
            for follower in try followers(of: cause) {
                try TrayTable(db: db).put(
                    follower, Self.reason(cause), entry: number, isAnswered: false)
                touched.formUnion(follower.addresses)
                causes.append(follower)
            }
        }
        return touched
    }

    /// Those that have no answer yet. What the server holds or lets wait is judged there.
    private func followers(of cause: LoggedRow) throws -> [LoggedRow] {
        let log = LogTable(db: db)
        let dependence = Dependence(log: log)
        let unanswered = try log.rows(LogTable.isOpen + " AND state = 1", [])
        return try unanswered.filter { try dependence.depends($0, on: cause) }
    }

    private static func reason(_ cause: LoggedRow) -> Reason {
        Reason(
            code: "change.dependent",
            message: "This edit builds on change \(cause.changeID.number), which does not stand.",
            remedy: "Send it again together with that change, or drop both.")
    }
}
