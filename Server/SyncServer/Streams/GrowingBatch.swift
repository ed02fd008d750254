import ChangeLog
import GRDB
import SyncProtocol

/// A batch while it is put together: bounded, never ending inside a group, each chain with a signature.
struct GrowingBatch {
    struct Chain: Hashable {
        let replica: Int64
        let audience: Int64
    }

    private struct Tail {
        let chain: Chain
        let replica: ReplicaID
        let audience: AudienceID
        var number: UInt64
    }

    /// Chains with withheld changes in one batch: each can bring a thousand links to its signature.
    static let withheldChains = 16

    private let ledger: ServerLedger
    private let limit: Int
    private var entries: [BatchEntry] = []
    private var bytes = 0
    private var tails: [Tail] = []
    private var indexes: [Chain: Int] = [:]
    private let withheld: WithheldChains
    /// A group ends here, whether or not this reader gets all of it.
    private(set) var through = Position.origin

    /// - Parameter limit: changes; a group that has begun comes whole all the same.
    init(ledger: ServerLedger, limit: Int, withheld: WithheldChains) {
        self.ledger = ledger
        self.withheld = withheld
        self.limit = min(limit, ProtocolLimits.batchEntries - Limits.groupChanges + 1)
    }

    /// Whether another change may come in. Inside a group there is always room: a group is bounded.
    mutating func hasRoom(bytes more: Int, of chain: Chain, at position: Position) throws -> Bool {
        if entries.isEmpty || position <= through { return true }
        guard entries.count < limit,
            bytes + more <= ProtocolLimits.batchBytes
        else { return false }
        if indexes[chain] != nil { return true }
        if try tails.count(where: { try withheld.contains($0.chain) }) < Self.withheldChains { return true }
        return try !withheld.contains(chain)
    }

    /// The inner hashes of the withheld changes right before a change of a chain.
    mutating func links(of chain: Chain, before number: UInt64) throws -> [ChangeHash] {
        try withheld.contains(chain) ? ledger.withheldLinks(of: chain, before: number) : []
    }

    mutating func append(
        _ change: Change, _ placement: BatchEntry.Placement, links: [ChangeHash], bytes more: Int,
        of chain: Chain
    ) throws {
        let envelope = change.envelope
        let index: Int
        if let known = indexes[chain] {
            index = known
            tails[index].number = envelope.id.number
        } else {
            index = tails.count
            indexes[chain] = index
            tails.append(
                Tail(
                    chain: chain, replica: envelope.id.replica, audience: envelope.audience,
                    number: envelope.id.number))
        }
        // A seed opens all commitments of its push, also those of changes that nobody else may read.
        let change = try withheld.contains(chain) ? ChangeLog.Chain.apart(change, hash: sha256) : change
        entries.append(
            BatchEntry(
                envelope: envelope, body: .contents(change.salt, change.operations), links: links,
                placement: placement))
        bytes += more
        let rest = envelope.group.map { UInt64($0.count - 1 - $0.index) } ?? 0
        through = Position(placement.position.value + rest)
    }

    func finish() throws -> Batch {
        let heads = try tails.compactMap { tail in
            try ledger.head(of: tail.chain, after: tail.number).map { links, signature in
                SignedHead(
                    replica: tail.replica, audience: tail.audience, links: links, signature: signature)
            }
        }
        return Batch(entries: entries, heads: heads)
    }
}

extension ServerLedger {
    /// The inner hashes of the changes without a position between a change and the accepted one before it.
    func withheldLinks(of chain: GrowingBatch.Chain, before number: UInt64) throws -> [ChangeHash] {
        let rows = try Row.fetchCursor(
            db.cachedStatement(
                sql: """
                    SELECT inner, state FROM verdict WHERE replica = ? AND audience = ? AND number < ?
                    ORDER BY number DESC
                    """), arguments: [chain.replica, chain.audience, number.pattern])
        var links: [ChangeHash] = []
        while let row = try rows.next(), row[1] != VerdictState.accepted.rawValue {
            links.append(try row.hash(0))
        }
        return links.reversed()
    }

    /// How many changes stand in a chain behind its last accepted one.
    func withheldRun(of chain: GrowingBatch.Chain) throws -> Int {
        // Of what waits behind the judged end of a chain nothing is accepted.
        let end = try tip(of: chain.replica, in: chain.audience)?.number ?? 0
        let row = try db.one(
            """
            SELECT count(*) FROM verdict INDEXED BY verdict_withheld
            WHERE replica = ?1 AND audience = ?2 AND state <> 1 AND number > coalesce((
                SELECT number FROM verdict INDEXED BY verdict_chain
                WHERE replica = ?1 AND audience = ?2 AND number <= ?3 AND state = 1 ORDER BY number DESC LIMIT 1), 0)
            """, [chain.replica, chain.audience, end.pattern])
        return row?[0] ?? 0
    }

    func hasWithheld(_ chain: GrowingBatch.Chain) throws -> Bool {
        try db.one(
            // By name, since SQLite would rather walk through all verdicts of the replica.
            """
            SELECT 1 FROM verdict INDEXED BY verdict_withheld
            WHERE replica = ? AND audience = ? AND state <> 1 LIMIT 1
            """, [chain.replica, chain.audience]) != nil
    }

    /// Whether the newest signature of a chain is over what has not come: whether that may be read is not decided.
    func leadsBeyond(_ chain: GrowingBatch.Chain) throws -> Bool {
        let row = try db.one(
            """
            SELECT length(signature) > \(ProtocolLimits.signatureBytes) FROM signature
            WHERE replica = ? AND audience = ? ORDER BY number DESC LIMIT 1
            """, [chain.replica, chain.audience])
        return row?[0] ?? false
    }

    /// The first signature at or after a change of a chain, and the inner hashes that lead there.
    func head(
        of chain: GrowingBatch.Chain, after number: UInt64
    ) throws -> ([ChangeHash], [UInt8])? {
        let row = try db.one(
            """
            SELECT number, signature FROM signature WHERE replica = ? AND audience = ? AND number >= ?
            ORDER BY number LIMIT 1
            """, [chain.replica, chain.audience, number.pattern])
        guard let row else { return nil }
        let links = try db.all(
            """
            SELECT inner FROM verdict WHERE replica = ? AND audience = ? AND number > ? AND number <= ?
            ORDER BY number
            """, [chain.replica, chain.audience, number.pattern, row[0] as Int64]
        ).map { try $0.hash(0) }
        let kept = KeptSignature(bytes: try row.bytes(1))
        return (links + kept.links, kept.signature)
    }
}
