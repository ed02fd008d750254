import ChangeLog
import Foundation
import GRDB

/// Erases what the server says was erased, wherever this replica holds it.
struct Erasing {
    let db: Database

    /// - Parameter changes: delivered ones.
    /// - Returns: the records to be folded anew.
    func follow(_ changes: some Sequence<Change>) throws -> Set<RecordAddress> {
        var touched: Set<RecordAddress> = []
        let server = try RosterTable(db: db).server()
        for change in changes where change.id.replica == server {
            for erasure in Erasure.all(in: change.operations, hash: ChangeHash.sha256) {
                touched.formUnion(try erase(erasure, in: change.envelope.audience))
            }
        }
        return touched
    }

    private func erase(_ erasure: Erasure, in audience: AudienceID) throws -> Set<RecordAddress> {
        // Nobody can erase in another audience than the one in which it is said.
        guard let row = try LogTable(db: db).row(erasure.change), row.audience == audience,
            let change = row.change
        else { return [] }
        try separateNeighbours(of: row)
        let erased = change.erasing(erasure.marks, hash: ChangeHash.sha256)
        guard erased != change else { return [] }
        try replace(row.id, with: erased)
        return Set(LogTable.records(of: erased).map { RecordAddress(audience: audience, record: $0) })
    }

    /// The salt of what was erased would follow from the seed that its neighbours in the chain show. Between them may
    /// stand some of the same push that came singly.
    private func separateNeighbours(of row: LoggedRow) throws {
        let table = LogTable(db: db)
        for (comparison, order) in [("<", "number DESC"), (">", "number")] {
            var seed: Identifier128?
            let rows = try table.rows(
                "replica = ? AND \(LogTable.isInAudience) AND number \(comparison) ? AND hasContents",
                [
                    row.changeID.replica.data, row.audience.name,
                    try StoredNumber.of(row.changeID.number), Erasure.reach,
                ], order: order + " LIMIT ?")
            for neighbour in rows {
                guard let change = neighbour.change, case .seed(let next) = change.salt else { continue }
                if let seed, seed != next { break }
                seed = next
                try replace(neighbour.id, with: Chain.apart(change, hash: ChangeHash.sha256))
            }
        }
    }

    private func replace(_ row: Int64, with change: Change) throws {
        try db.cachedStatement(sql: "UPDATE change SET bytes = ? WHERE id = ?").execute(arguments: [
            change.canonicalBytes.data, row,
        ])
    }
}
