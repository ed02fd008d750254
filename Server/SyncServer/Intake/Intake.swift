import ChangeLog
import Cryptography
import GRDB
import SyncProtocol

/// Takes changes in, inside one transaction: checks whose they are and that their chains are whole,
/// keeps them, and has them judged.
struct Intake {
    let ledger: ServerLedger
    let judge: Judge
    /// The moment of receipt, milliseconds since 1970 UTC.
    let now: Int64

    /// Receives a batch of one replica, and answers with the verdict of every change in it.
    ///
    /// - Throws: `Reason` for what ends the conversation; the caller rolls back.
    func receive(
        _ batch: Batch, of id: ReplicaID, from device: RecordID, key: PublicKey
    ) throws -> [VerdictEntry] {
        guard let replica = try ledger.replicaRow(id), replica.device == device else {
            throw Refusal.replicaForeign
        }
        let arrivals = try link(batch, of: replica)
        let new = arrivals.filter { !$0.isKnown }
        if !new.isEmpty {
            try verify(batch.heads, of: replica, over: arrivals, key: key)
            try keep(new, of: replica)
            var settlement = Settlement(ledger: ledger, judge: judge, replica: replica)
            try settlement.run()
        }
        return try batch.entries.map { entry in
            let id = entry.envelope.id
            guard let verdict = try ledger.verdict(of: replica.number, id.number) else {
                throw ServerError(
                    .damaged, "The verdict of \(id) is missing", remedy: "Restore the data from a backup")
            }
            return VerdictEntry(change: id, verdict: verdict)
        }
    }

    private struct Arrival {
        let entry: BatchEntry
        let audience: Int64
        let previous: ChangeHash
        let inner: ChangeHash
        let hash: ChangeHash
        let isKnown: Bool
    }

    /// Computes each change's hash from the one before it in its chain, and compares what is known.
    private func link(_ batch: Batch, of replica: ReplicaRow) throws -> [Arrival] {
        var tails: [AudienceID: ChangeHash] = [:]
        return try batch.entries.map { entry in
            let envelope = entry.envelope
            guard envelope.id.replica == replica.id else { throw Refusal.replicaForeign }
            guard envelope.id.number <= UInt64(Int64.max) else { throw Refusal.chainBroken }
            let tail = tails[envelope.audience]
            if let tail, let claimed = entry.previous, claimed != tail { throw Refusal.chainBroken }
            let previous = tail ?? entry.previous ?? .zero
            let inner = entry.inner(hash: judge.hash)
            let hash = Chain.link(previous: previous, inner: inner, hash: judge.hash)
            tails[envelope.audience] = hash
            let audience = try ledger.makeAudience(envelope.audience)
            let known = try ledger.db.one(
                "SELECT hash FROM verdict WHERE replica = ? AND number = ?",
                [replica.number, envelope.id.number.pattern]
            )?.hash(0)
            if let known, known != hash { throw Refusal.replicaCopied }
            if known == nil, let tip = try ledger.tip(of: replica.number, in: audience),
                envelope.id.number <= tip.number
            {
                // The chain is known without a break up to its tip: this number belongs to another one.
                throw Refusal.replicaCopied
            }
            return Arrival(
                entry: entry, audience: audience, previous: previous, inner: inner, hash: hash,
                isKnown: known != nil)
        }
    }

    /// Each chain with something new in it must end in a hash that the device signed.
    private func verify(
        _ heads: [SignedHead], of replica: ReplicaRow, over arrivals: [Arrival], key: PublicKey
    ) throws {
        var checked: Set<AudienceID> = []
        for arrival in arrivals where !arrival.isKnown {
            let audience = arrival.entry.envelope.audience
            guard checked.insert(audience).inserted else { continue }
            try checkRun(of: GrowingBatch.Chain(replica: replica.number, audience: arrival.audience))
            let head = heads.first { $0.replica == replica.id && $0.audience == audience }
            guard let last = arrivals.last(where: { $0.audience == arrival.audience }), let head,
                head.links.isEmpty, key.verify(head.signature, over: SignedHead.message(last.hash))
            else { throw Refusal.chainUnsigned }
            try ledger.db.run(
                "INSERT OR IGNORE INTO signature VALUES (?, ?, ?, ?)",
                [
                    replica.number, arrival.audience, last.entry.envelope.id.number.pattern,
                    head.signature.blob,
                ])
        }
    }

    /// A reader gets a link for each change without a position, and so their number has a bound.
    private func checkRun(of chain: GrowingBatch.Chain) throws {
        guard try ledger.hasWithheld(chain) else { return }
        let run = try ledger.withheldLinks(of: chain, before: UInt64(Int64.max)).count
        if run > IntakeLimits.withheldRun { throw Refusal.chainTooLong }
    }

    /// Writes down what has come, before anything is decided about it.
    private func keep(_ arrivals: [Arrival], of replica: ReplicaRow) throws {
        let waiting = try ledger.db.one("SELECT count(*) FROM pending WHERE replica = ?", [replica.number])
        guard (waiting?[0] as Int? ?? 0) + arrivals.count <= IntakeLimits.waitingChanges else {
            throw Refusal.queueFull
        }
        for arrival in arrivals {
            let envelope = arrival.entry.envelope
            try ledger.db.run(
                """
                INSERT INTO verdict (replica, number, audience, hash, inner, state, behind, received)
                VALUES (?, ?, ?, ?, ?, 3, 0, ?)
                """,
                [
                    replica.number, envelope.id.number.pattern, arrival.audience,
                    arrival.hash.bytes.blob, arrival.inner.bytes.blob, now,
                ])
            try ledger.db.run(
                "INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                [
                    replica.number, envelope.id.number.pattern, arrival.audience,
                    arrival.previous.bytes.blob, Int(envelope.group?.index ?? 0),
                    Int(envelope.group?.count ?? 0), envelope.canonicalBytes.blob,
                    arrival.entry.change?.canonicalBytes.blob,
                ])
        }
    }
}

extension ServerLedger {
    /// The number of an audience, given to it now when it is new.
    func makeAudience(_ audience: AudienceID) throws -> Int64 {
        if let number = try audienceNumber(audience) { return number }
        try db.run("INSERT INTO audience (name) VALUES (?)", [audience.name])
        return db.lastInsertedRowID
    }
}
