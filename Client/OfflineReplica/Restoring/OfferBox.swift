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
    /// How far a signature is looked for: as many links, and changes with them, as the server takes.
    private static let reach = ProtocolLimits.batchEntries

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
            ChangeLog.Chain.link(previous: previous, inner: inner, hash: ChangeHash.sha256)
        }

        var inner: ChangeHash {
            ChangeLog.Chain.inner(
                change.envelope,
                commitment: ChangeLog.Chain.commitment(of: change, hash: ChangeHash.sha256),
                hash: ChangeHash.sha256)
        }
    }

    /// The next batch of a chain behind a number; nil when nothing more can be offered. It ends before a change
    /// that does not follow the one before it, and at one that a signature comes behind.
    func next(of chain: Chain, after number: UInt64) throws -> Batch? {
        var number = number
        while true {
            let run = try items(of: chain, after: number)
            let items = run.prefix(Self.limit)
            guard let last = items.last else { return nil }
            for (index, item) in items.enumerated().reversed() {
                if let head = try head(of: chain, behind: item.change.id.number),
                    head.links.count <= Self.links(behind: index + 1)
                {
                    return Self.batch(items[...index], head)
                }
            }
            // It was delivered together with more than goes into a batch, and one signature.
            if let head = try head(of: chain, behind: run[items.count...]),
                head.links.count <= Self.links(behind: items.count)
            {
                return Self.batch(items, head)
            }
            number = last.change.id.number
        }
    }

    /// The server takes a batch in pieces, and to the links of the first one what comes behind it counts.
    private static func links(behind count: Int) -> Int { min(reach, reach + 128 - count) }

    /// The first signature behind one of these, and the way to it from what is before them.
    private func head(of chain: Chain, behind rest: ArraySlice<Item>) throws -> SignedHead? {
        var links: [ChangeHash] = []
        for item in rest {
            links.append(item.inner)
            guard let head = try head(of: chain, behind: item.change.id.number) else { continue }
            return SignedHead(
                replica: head.replica, audience: head.audience, links: links + head.links,
                signature: head.signature)
        }
        return nil
    }

    private func items(of chain: Chain, after number: UInt64) throws -> [Item] {
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT bytes, previous, hasGap FROM offer WHERE replica = ? AND audience = ? AND number > ?
                ORDER BY number LIMIT ?
                """,
            arguments: [
                chain.replica.data, chain.audience.name, try StoredNumber.of(number), Self.reach,
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
            if items.count < Self.limit, size > ProtocolLimits.batchBytes, tail != nil { break }
            if let tail, previous != tail { break }
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

    /// The signature that comes behind a change.
    private func head(of chain: Chain, behind number: UInt64) throws -> SignedHead? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: "SELECT signature FROM head WHERE replica = ? AND audience = ? AND number = ?"),
            arguments: [chain.replica.data, chain.audience.name, try StoredNumber.of(number)])
        guard let bytes = try row?.bytes("signature"), bytes.count >= ProtocolLimits.signatureBytes else {
            return nil
        }
        return SignedHead(
            replica: chain.replica, audience: chain.audience,
            links: try HashList.read(Array(bytes.dropFirst(ProtocolLimits.signatureBytes))),
            signature: Array(bytes.prefix(ProtocolLimits.signatureBytes)))
    }
}
