public import ChangeLog
import GRDB

extension Replica {
    /// Takes an own change back that has no answer yet, unless another one builds on it.
    ///
    /// It leaves the view at once and is offered to the server without its contents from then on. Where
    /// an earlier offer arrived, and only its answer was lost, the server's verdict stands and brings
    /// the change back.
    ///
    /// - Returns: whether it was taken back; false where it has an answer or is built upon.
    public func takeBack(_ change: ChangeID) async throws -> Bool {
        let schema = rules.schema
        return try await write { db in
            let log = LogTable(db: db)
            guard let row = try log.row(change), row.state == .queued else { return false }
            let dependence = Dependence(log: log)
            let others = try log.rows(
                LogTable.isOpen + " AND state IN (1, 2, 3) AND id <> ?", [row.id])
            guard try !others.contains(where: { try dependence.depends($0, on: row) }) else { return false }
            let tray = TrayTable(db: db)
            let reason = Reason(
                code: "change.withdrawn", message: "Its author took it back before it was sent.",
                remedy: "Nothing needs to be done.")
            try tray.put(row, reason, entry: change.number, isAnswered: false)
            try tray.drop(change.number)
            try ReadModel(db: db, schema: schema).refresh(row.addresses)
            try ReplicaState.advance(db)
            return true
        }
    }
}
