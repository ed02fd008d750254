import ChangeLog
import Foundation
import GRDB
import SyncProtocol

/// Changes of others that a restored server lost, with what their authors signed: kept until the server has them.
///
/// Their author may never come back. What cannot be offered, since only its author has what stands before it, or since
/// the server does not know whose it is, stays for another exchange.
struct OfferBox {
    let db: Database

    /// Changes in one batch.
    private static let limit = 500

    /// Takes in what stands behind a position, before it is dropped. What the server itself wrote goes along, as
    /// evidence: it cannot take it back, for its numbers go on otherwise, but does again what it had taken away.
    func fill(behind point: Position) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO offer (replica, number, audience, bytes, hasGap)
                SELECT change.replica, number, audience.name, bytes,
                    EXISTS (SELECT 1 FROM gap WHERE gap.change = change.id)
                FROM change JOIN audience ON audience.id = change.audience
                WHERE position > ? AND NOT \(OwnReplicas.condition) AND hasContents
                """, arguments: [try StoredNumber.of(point)])
    }

    /// What stands before each in its chain, as long as that is here.
    func setPrevious(of replica: ReplicaID, in audience: AudienceID) throws {
        let statement = try db.cachedStatement(
            sql: "UPDATE offer SET previous = ? WHERE replica = ? AND number = ? AND audience = ?")
        for link in try StoredChain(db: db, replica: replica, audience: audience).links() {
            try statement.execute(arguments: [
                link.previous.data, replica.data, try StoredNumber.of(link.number), audience.name,
            ])
        }
    }

    /// The changes of a replica in an audience.
    struct Chain: Hashable {
        let replica: ReplicaID
        let audience: AudienceID
    }

    /// All of which there is something, the server's own last: what it erased is to be there before.
    func chains() throws -> [Chain] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT replica, audience FROM offer
                ORDER BY replica IS (SELECT serverReplica FROM replica), replica, audience
                """
        )
        .map { Chain(replica: try $0.replica("replica"), audience: try $0.audience("audience")) }
    }

    /// Forgets what the server has by now: it was delivered. What it wrote itself has a number that it has used again.
    func forgetDelivered() throws {
        try db.execute(
            sql: """
                DELETE FROM offer WHERE EXISTS (
                    SELECT 1 FROM change WHERE change.replica = offer.replica AND change.number = offer.number
                    AND position IS NOT NULL)
                AND replica IS NOT (SELECT serverReplica FROM replica)
                """)
    }

    /// Forgets the changes of a batch; of one that is to come again only those that are among these.
    func forget(_ changes: [ChangeID]) throws {
        let statements = try [
            "DELETE FROM offer WHERE replica = ? AND number = ?",
            // Its signature would be in the way of that over what has the same number by now.
            """
            DELETE FROM head WHERE replica = ? AND number = ?
            AND replica IS (SELECT serverReplica FROM replica)
            """,
        ].map { try db.cachedStatement(sql: $0) }
        for change in changes {
            for statement in statements {
                try statement.execute(arguments: [change.replica.data, try StoredNumber.of(change.number)])
            }
        }
    }

    private struct Item {
        let change: Change
        let previous: ChangeHash

        var hash: ChangeHash {
            ChangeLog.Chain.hash(of: change, previous: previous, hash: ChangeHash.sha256)
        }
    }

    /// The next batch of a chain behind a number; nil when nothing more can be offered. It ends before a change
    /// that does not follow the one before it, and at one that a signature comes behind.
    func next(of chain: Chain, after number: UInt64) throws -> Batch? {
        var number = number
        while true {
            let items = try items(of: chain, after: number)
            guard let last = items.last else { return nil }
            for (index, item) in items.enumerated().reversed() {
                let count = index + 1
                let links = ProtocolLimits.batchEntries - count
                if let head = try head(of: chain, behind: item.change.id.number, links: links) {
                    return Self.batch(items[..<count], head)
                }
            }
            number = last.change.id.number
        }
    }

    private func items(of chain: Chain, after number: UInt64) throws -> [Item] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT bytes, previous, hasGap FROM offer WHERE replica = ? AND audience = ? AND number > ?
                ORDER BY number LIMIT ?
                """,
            arguments: [
                chain.replica.data, chain.audience.name, try StoredNumber.of(number), Self.limit,
            ])
        var (items, size) = ([Item](), 0)
        while let row = try rows.next() {
            let bytes = try row.bytes("bytes")
            let tail = items.last?.hash
            // A program of before knew it of the first of each chain alone.
            let previous =
                row.optionalBytes("previous").flatMap { ChangeHash(bytes: $0) }
                ?? (row["hasGap"] ? nil : tail)
            size += bytes.count
            if let tail, size > ProtocolLimits.batchBytes || previous != tail { break }
            guard let previous else { continue }
            items.append(Item(change: try LoggedRow.change(bytes), previous: previous))
        }
        return items
    }

    private static func batch(_ items: ArraySlice<Item>, _ head: SignedHead) -> Batch {
        let first = items.startIndex
        let entries = items.enumerated().map { index, item in
            BatchEntry(
                envelope: item.change.envelope, body: body(of: item.change),
                previous: index == first ? item.previous : nil)
        }
        return Batch(entries: entries, heads: [head])
    }

    /// What is left of an erased change is not what was signed.
    private static func body(of change: Change) -> BatchEntry.Body {
        if case .erased(let commitment) = change.salt { return .commitment(commitment) }
        return .contents(change.salt, change.operations)
    }

    /// The signature that comes behind a change, unless the way to it is longer.
    private func head(of chain: Chain, behind number: UInt64, links: Int) throws -> SignedHead? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: "SELECT signature FROM head WHERE replica = ? AND audience = ? AND number = ?"),
            arguments: [chain.replica.data, chain.audience.name, try StoredNumber.of(number)])
        guard let bytes = try row?.bytes("signature"), bytes.count >= ProtocolLimits.signatureBytes else {
            return nil
        }
        let head = SignedHead(
            replica: chain.replica, audience: chain.audience,
            links: try HashList.read(Array(bytes.dropFirst(ProtocolLimits.signatureBytes))),
            signature: Array(bytes.prefix(ProtocolLimits.signatureBytes)))
        return head.links.count <= links ? head : nil
    }
}
