import ChangeLog
import Foundation
import GRDB
import SyncProtocol
import TransparencyLog

/// What the server has said of own changes for which it matters when they were received: a server that is restored may
/// have forgotten it, and believes its own signature.
struct KeptReceipts {
    let db: Database

    /// A change of which there is no receipt yet, and the hash of its chain.
    struct Missing: Hashable {
        let change: ChangeID
        let hash: ChangeHash
    }

    /// Own changes that were accepted in such audiences.
    ///
    /// - Parameter most: how many.
    func missing(in lodging: Lodging, atMost most: Int) throws -> [Missing] {
        let audiences = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT audience.id AS id, name FROM own JOIN change
                ON change.replica = own.replica AND number <= through
                JOIN audience ON audience.id = change.audience
                """
        ).filter { lodging.concerns(try $0.audience("name")) }
        var missing: [Missing] = []
        for audience in audiences where missing.count < most {
            let rows = try LogTable(db: db).rows(
                """
                \(OwnReplicas.condition) AND audience = ? AND position IS NOT NULL AND hasContents
                AND NOT EXISTS (
                    SELECT 1 FROM receipt WHERE receipt.replica = change.replica AND receipt.number = change.number)
                """, [audience["id"] as Int64, most - missing.count], order: "number LIMIT ?")
            missing += rows.compactMap { row in
                row.previous.map { previous in
                    let hash = Chain.link(previous: previous, inner: row.inner, hash: ChangeHash.sha256)
                    return Missing(change: row.changeID, hash: hash)
                }
            }
        }
        return missing
    }

    func insert(_ receipt: EarlierReceipt) throws {
        try db.execute(
            sql: "INSERT OR IGNORE INTO receipt (replica, number, bytes) VALUES (?, ?, ?)",
            arguments: [
                receipt.change.replica.data, try StoredNumber.of(receipt.change.number),
                Data(Frame.evidence([receipt]).bytes.dropFirst(4)),
            ])
    }

    /// As far as there are any.
    func receipts(of changes: [ChangeID]) throws -> [EarlierReceipt] {
        guard try Row.fetchOne(db, sql: "SELECT 1 FROM receipt LIMIT 1") != nil else { return [] }
        let statement = try db.cachedStatement(
            sql: "SELECT bytes FROM receipt WHERE replica = ? AND number = ?")
        return try changes.flatMap { change -> [EarlierReceipt] in
            let row = try Row.fetchOne(
                statement, arguments: [change.replica.data, try StoredNumber.of(change.number)])
            guard let row else { return [] }
            guard case .evidence(let receipts) = try Frame(body: row.bytes("bytes")) else {
                throw Row.damaged("receipt")
            }
            return receipts
        }
    }
}

extension Replica {
    /// Asks the server for what it is to be reminded of should it be restored, a few at a time.
    func keepReceipts(over connection: some FrameTransport) async throws {
        guard let lodging = rules.lodging else { return }
        let missing = try await read {
            try KeptReceipts(db: $0.db).missing(in: lodging, atMost: Self.receiptsAtOnce)
        }
        for change in missing {
            let shown: (evidence: ReceiptEvidence, head: SignedTreeHead)
            do {
                shown = try await evidence(of: change.change, over: connection)
            } catch let reason as Reason where reason.code == "receipt.unknown" {
                continue
            } catch is ConnectionError {
                // The exchange has done its work: what is missing is asked for by the next one.
                return
            }
            let receipt = EarlierReceipt(shown.evidence, in: shown.head)
            guard receipt.proves(change.hash, hash: Self.hash) else {
                throw ReceiptError(
                    .leaf,
                    "The change does not stand at leaf \(receipt.index) of a tree of \(shown.head.head.size)")
            }
            try await write { try KeptReceipts(db: $0).insert(receipt) }
        }
    }

    private static let receiptsAtOnce = 16
}
