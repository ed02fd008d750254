public import ChangeLog

/// A refused change: out of the view, until its author sends it again, drops it, or takes it elsewhere.
public struct TrayItem: Hashable, Sendable {
    public let id: ChangeID
    /// The change that took it there, itself or another; what has one entry is sent again or dropped
    /// together.
    public let entry: ChangeID
    public let audience: AudienceID
    /// The view on which it was made; sent again, it keeps it.
    public let base: Base
    public let time: HybridTime
    public let operations: [Operation]
    public let reason: Reason
    /// Whether the server holds it and may still let it in: until then its entry is neither sent again nor dropped.
    public let isUndecided: Bool
    /// The changes of the entry before it, without which it cannot stand.
    public let dependsOn: [ChangeID]

    /// The records that it touches, in the order of its operations.
    public var records: [RecordID] {
        var records: [RecordID] = []
        for operation in operations where !records.contains(operation.record) {
            records.append(operation.record)
        }
        return records
    }
}

extension ReplicaReader {
    /// By number.
    public func tray() throws -> [TrayItem] {
        let rows = try TrayTable(db: db).rows()
        let dependence = Dependence(log: LogTable(db: db))
        return try rows.compactMap { row in
            guard let change = row.change else { return nil }
            let number = row.entry ?? row.changeID.number
            // What followed it may have gone on as another replica.
            let entry = rows.first { $0.entry == number && $0.changeID.number == number }?.changeID
            let before = rows.filter { $0.entry == row.entry && $0.changeID != row.changeID }
            return TrayItem(
                id: row.changeID, entry: entry ?? ChangeID(replica: row.changeID.replica, number: number),
                audience: row.audience, base: row.envelope.base, time: row.envelope.time,
                operations: change.operations,
                reason: row.reason ?? Reason(code: "change.refused", message: "", remedy: ""),
                isUndecided: row.undecided != nil,
                dependsOn: try before.filter { try dependence.depends(row, on: $0) }.map(\.changeID))
        }
    }
}
