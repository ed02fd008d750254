import ChangeLog
import Foundation
import GRDB
import SyncProtocol

/// Changes of others that a restored server lost, with what their authors signed: kept until they were offered.
///
/// Their author may never come back. What the server has by then already it answers as always.
struct OfferBox {
    let db: Database

    /// Changes in one batch.
    private static let limit = 500

    /// Takes in what stands behind a position, before it is dropped. What the server itself wrote it cannot take
    /// back: its numbers go on otherwise.
    func fill(behind point: Position) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO offer (replica, number, audience, bytes, hasGap)
                SELECT change.replica, number, audience.name, bytes,
                    EXISTS (SELECT 1 FROM gap WHERE gap.change = change.id)
                FROM change JOIN audience ON audience.id = change.audience
                WHERE position > ? AND NOT \(OwnReplicas.condition) AND hasContents
                AND change.replica IS NOT (SELECT serverReplica FROM replica)
                """, arguments: [try StoredNumber.of(point)])
    }

    /// The first of each chain goes on from there.
    func setPrevious(_ hash: ChangeHash, of replica: ReplicaID, in audience: AudienceID) throws {
        try db.execute(
            sql: """
                UPDATE offer SET previous = ? WHERE replica = ? AND number = (
                    SELECT min(number) FROM offer WHERE replica = ? AND audience = ?)
                """, arguments: [hash.data, replica.data, replica.data, audience.name])
    }

    func isEmpty() throws -> Bool { try Row.fetchOne(db, sql: "SELECT 1 FROM offer LIMIT 1") == nil }

    private struct Item {
        let change: Change
        let hasGap: Bool
        let previous: ChangeHash?
    }

    /// The next batch, of one replica; nil when nothing is left. What cannot be offered is forgotten: between two
    /// changes that were delivered stood others which only their author has. Inside a write transaction.
    func next() throws -> Batch? {
        while let row = try Row.fetchOne(db, sql: "SELECT replica FROM offer ORDER BY replica LIMIT 1") {
            let replica = try row.replica("replica")
            let items = try items(of: replica)
            if let batch = try batch(items, of: replica) { return batch }
            try forget(replica, through: items.map(\.change.id.number).max() ?? .max)
        }
        return nil
    }

    private func items(of replica: ReplicaID) throws -> [Item] {
        let rows = try Row.fetchCursor(
            db,
            sql: "SELECT bytes, hasGap, previous FROM offer WHERE replica = ? ORDER BY number LIMIT ?",
            arguments: [replica.data, Self.limit])
        var (items, size) = ([Item](), 0)
        while let row = try rows.next() {
            let bytes = try row.bytes("bytes")
            size += bytes.count
            if size > ProtocolLimits.batchBytes, !items.isEmpty { break }
            items.append(
                Item(
                    change: try LoggedRow.change(bytes), hasGap: row["hasGap"],
                    previous: row.optionalBytes("previous").flatMap { ChangeHash(bytes: $0) }))
        }
        return items
    }

    private func batch(_ items: [Item], of replica: ReplicaID) throws -> Batch? {
        var chains: [AudienceID: [Item]] = [:]
        var ended: Set<AudienceID> = []
        for item in items {
            let audience = item.change.envelope.audience
            let isFirst = chains[audience] == nil
            if item.hasGap || (isFirst && item.previous == nil) { ended.insert(audience) }
            if !ended.contains(audience) { chains[audience, default: []].append(item) }
        }
        var batch = Batch(entries: [], heads: [])
        for (audience, chain) in chains.sorted(by: { $0.key < $1.key }) {
            guard let (count, signature) = try head(of: chain, replica, audience) else { continue }
            batch.heads.append(
                SignedHead(replica: replica, audience: audience, links: [], signature: signature))
            for (index, item) in chain[..<count].enumerated() {
                batch.entries.append(
                    BatchEntry(
                        envelope: item.change.envelope,
                        body: .contents(item.change.salt, item.change.operations),
                        previous: index == 0 ? item.previous : nil))
            }
        }
        batch.entries.sort { $0.envelope.id.number < $1.envelope.id.number }
        return batch.entries.isEmpty ? nil : batch
    }

    /// How many of a chain its newest signature covers that ends at one of them.
    private func head(
        of chain: [Item], _ replica: ReplicaID, _ audience: AudienceID
    ) throws -> (count: Int, signature: [UInt8])? {
        for (index, item) in chain.enumerated().reversed() {
            let row = try Row.fetchOne(
                db, sql: "SELECT signature FROM head WHERE replica = ? AND audience = ? AND number = ?",
                arguments: [
                    replica.data, audience.name, try StoredNumber.of(item.change.id.number),
                ])
            if let row { return (index + 1, try row.bytes("signature")) }
        }
        return nil
    }

    /// It was offered, and the server has its answer; what follows in the chains goes on from it.
    func forget(_ batch: Batch) throws {
        guard let replica = batch.entries.first?.envelope.id.replica else { return }
        var tails: [AudienceID: ChangeHash] = [:]
        for entry in batch.entries {
            let previous = tails[entry.envelope.audience] ?? entry.previous ?? .zero
            tails[entry.envelope.audience] = Chain.link(
                previous: previous, inner: entry.inner(hash: ChangeHash.sha256), hash: ChangeHash.sha256)
        }
        let items = try items(of: replica)
        try forget(replica, through: items.map(\.change.id.number).max() ?? .max)
        for (audience, hash) in tails { try setPrevious(hash, of: replica, in: audience) }
    }

    private func forget(_ replica: ReplicaID, through number: UInt64) throws {
        try db.execute(
            sql: "DELETE FROM offer WHERE replica = ? AND number <= ?",
            arguments: [replica.data, Int64(clamping: number)])
    }
}

extension Replica {
    /// Whose device nobody knows any more, or what is known otherwise: offered again, it is refused again.
    private static func isFinal(_ reason: Reason) -> Bool {
        ["replica.", "chain."].contains { reason.code.hasPrefix($0) }
    }

    /// nil when nothing is left; writes only where there may be something.
    private func nextOffer() async throws -> Batch? {
        guard try await read({ try !OfferBox(db: $0.db).isEmpty() }) else { return nil }
        return try await write { try OfferBox(db: $0).next() }
    }

    /// Offers what a restored server lost of others' changes.
    func offer(over connection: some FrameTransport) async throws -> Bool {
        var isTaken = false
        while let batch = try await nextOffer() {
            var session = PushSession(hello: try await hello(), offering: batch)
            var isDone = false
            try await connection.converse("/push", sending: session.frames) { frame in
                for action in session.receive(frame) {
                    switch action {
                    case .welcomed(let welcome): try await note(welcome: welcome)
                    case .apply(let entries): isTaken = isTaken || !entries.isEmpty
                    case .done: isDone = true
                    case .refused(let reason):
                        guard Self.isFinal(reason) else { throw ConnectionError(refusal: reason) }
                        isDone = true
                    case .fail(let error): throw error
                    }
                }
                return !isDone
            }
            guard isDone else {
                throw ConnectionError(
                    .interrupted, "The answer to an offer ended early", at: identity.address)
            }
            try await write { try OfferBox(db: $0).forget(batch) }
        }
        return isTaken
    }
}
