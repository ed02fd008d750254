import ChangeLog
import Foundation
import GRDB
import SyncProtocol

/// An own change that comes back in its place.
struct OwnDelivery {
    let db: Database

    /// - Throws: `copied` when this copy of the replica did not make it, or made another one under its
    ///   number.
    ///
    /// - Parameter isStaged: whether its chain is to be walked later.
    func take(
        _ entry: Incoming, at placement: BatchEntry.Placement, isStaged: Bool
    ) throws -> [RecordAddress] {
        let id = entry.envelope.id
        guard let row = try LogTable(db: db).row(id), row.inner == entry.inner else {
            throw ReplicaError(
                .copied, "the server has a change \(id.number) of this replica that was not made here")
        }
        if let position = row.position, position != placement.position {
            throw ReplicaError(
                .evidence, "change \(id) is delivered at \(placement.position), its verdict said \(position)")
        }
        try Acceptance(db: db).accept(row, at: placement.position, effective: placement.effective)
        if isStaged {
            try db.execute(
                sql: "UPDATE change SET links = ? WHERE id = ?",
                arguments: [Data(entry.links.flatMap(\.bytes)), row.id])
        }
        var change = row.change
        if change == nil, let delivered = entry.change {
            // It was deleted when its audience was revoked, and the audience is granted again.
            try db.execute(
                sql: "UPDATE change SET hasContents = 1, bytes = ? WHERE id = ?",
                arguments: [delivered.canonicalBytes.data, row.id])
            try LogTable(db: db).insertTouches(of: delivered, row.id)
            change = delivered
        }
        guard let change else { return [] }
        return LogTable.records(of: change).map {
            RecordAddress(audience: entry.envelope.audience, record: $0)
        }
    }
}

/// A change gets its place in the order, and leaves the tray if it was there.
struct Acceptance {
    let db: Database

    func accept(_ row: LoggedRow, at position: Position, effective: HybridTime) throws {
        try db.execute(
            sql: """
                UPDATE change SET state = 0, isAnswered = 1, isDropped = 0, position = ?, effective = ?,
                    code = NULL, message = NULL, remedy = NULL, behind = NULL, entry = NULL
                WHERE id = ?
                """,
            arguments: [try StoredNumber.of(position), Int64(bitPattern: effective.value), row.id])
    }
}
