import ChangeLog
import Cryptography
import Foundation
import GRDB
import SyncProtocol

/// Follows the chains of delivered changes, and checks that each is signed by its author's device.
///
/// A chain that does not end at a signed hash, numbers that do not rise, a signature that does not fit, or a key that
/// the roster does not name: nothing of the delivery is taken over.
struct ChainWalk {
    let db: Database
    let identity: ReplicaIdentity
    let audience: AudienceID

    /// One change on its chain.
    struct Step {
        let change: ChangeID
        let inner: ChangeHash
        /// Inner hashes of changes without a position before it.
        let links: [ChangeHash]
    }

    /// A signature over what follows a change.
    struct Head {
        let replica: ReplicaID
        /// The number of the last change before the signed hash.
        let number: UInt64
        let links: [ChangeHash]
        let signature: [UInt8]
    }

    /// Moves the chains on. The replica's own are passed over: they were compared with what is here.
    func follow(_ steps: [Step], heads: [Head]) throws {
        var order: [ReplicaID] = []
        var chains: [ReplicaID: [Step]] = [:]
        for step in steps where step.change.replica != identity.replica {
            if chains[step.change.replica] == nil { order.append(step.change.replica) }
            chains[step.change.replica, default: []].append(step)
        }
        for replica in order {
            try follow(chains[replica] ?? [], of: replica, heads: heads.filter { $0.replica == replica })
        }
    }

    private func follow(_ steps: [Step], of replica: ReplicaID, heads: [Head]) throws {
        let table = ChainTable(db: db)
        var hash = try table.hash(replica, audience) ?? .zero
        let key = try RosterTable(db: db).key(of: replica, server: identity.serverKey)
        var signed = false
        try checkNumbers(steps)
        for step in steps {
            for link in step.links { hash = Chain.link(previous: hash, inner: link, hash: ChangeHash.sha256) }
            hash = Chain.link(previous: hash, inner: step.inner, hash: ChangeHash.sha256)
            signed = false
            for head in heads where head.number == step.change.number {
                let end = head.links.reduce(hash) {
                    Chain.link(previous: $0, inner: $1, hash: ChangeHash.sha256)
                }
                guard key.verify(head.signature, over: SignedHead.message(end)) else {
                    throw ReplicaError(
                        .evidence,
                        "the signature over change \(step.change) in \(audience) is not its author's, "
                            + "or a change before it was altered")
                }
                signed = true
                try keep(head)
            }
        }
        guard signed || steps.isEmpty else {
            throw ReplicaError(
                .evidence, "the changes of replica \(replica) in \(audience) come without a signature")
        }
        try table.set(hash, replica, audience)
    }

    /// Whoever signs an earlier number behind a later one would have it count as what later bases have seen.
    private func checkNumbers(_ steps: [Step]) throws {
        guard let first = steps.first?.change else { return }
        // By its number: by position SQLite would walk through all that is before it in the audience.
        let later = try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT 1 FROM change AS later JOIN change AS first ON later.replica = first.replica
                    AND +later.audience = first.audience AND later.number > first.number
                    WHERE first.replica = ? AND first.number = ? AND +later.position < first.position LIMIT 1
                    """), arguments: [first.replica.data, try StoredNumber.of(first.number)])
        let isRising = zip(steps, steps.dropFirst()).allSatisfy { $0.change.number < $1.change.number }
        guard isRising, later == nil else {
            throw ReplicaError(
                .evidence,
                "the changes of replica \(first.replica) in \(audience) do not come by their numbers")
        }
    }

    /// With it what was delivered can be given back to a server that lost it, also where what was signed is a change
    /// that nobody but its author has: the shortest way to it is kept.
    private func keep(_ head: Head) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO head (replica, audience, number, signature) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET signature = excluded.signature
                WHERE length(excluded.signature) < length(signature)
                """
        ).execute(arguments: [
            head.replica.data, audience.name, try StoredNumber.of(head.number),
            Data(head.signature + head.links.flatMap(\.bytes)),
        ])
    }
}

/// Signatures over chains that cannot be walked before the older part of the audience is here.
struct StagedHeads {
    let db: Database
    let audience: AudienceID

    func insert(_ head: ChainWalk.Head) throws {
        try db.execute(
            sql: """
                INSERT INTO stagedHead (replica, audience, number, links, signature)
                VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                head.replica.data, audience.name, try StoredNumber.of(head.number),
                Data(head.links.flatMap(\.bytes)), Data(head.signature),
            ])
    }

    /// Returns them in the order in which they came, and forgets them.
    func take() throws -> [ChainWalk.Head] {
        let heads = try Row.fetchAll(
            db, sql: "SELECT * FROM stagedHead WHERE audience = ? ORDER BY id", arguments: [audience.name]
        ).map { row in
            ChainWalk.Head(
                replica: try row.replica("replica"), number: row.number("number"),
                links: try HashList.read(try row.bytes("links")), signature: try row.bytes("signature"))
        }
        try delete()
        return heads
    }

    func delete() throws {
        try db.execute(sql: "DELETE FROM stagedHead WHERE audience = ?", arguments: [audience.name])
    }
}

/// Hashes one after another.
enum HashList {
    static func read(_ bytes: [UInt8]) throws -> [ChangeHash] {
        guard bytes.count.isMultiple(of: 32) else { throw Row.damaged("links") }
        return stride(from: 0, to: bytes.count, by: 32).compactMap {
            ChangeHash(bytes: bytes[$0..<$0 + 32])
        }
    }
}
