import ChangeLog
import GRDB
import SyncProtocol

/// Takes changes in, inside one transaction: checks whose they are and that their chains are whole, and
/// has them judged and kept.
struct Intake {
    let ledger: ServerLedger
    let judge: Judge
    /// The moment of receipt, milliseconds since 1970 UTC.
    let now: Int64

    /// Receives a batch of one replica, and answers with the verdict of every change in it.
    ///
    /// - Parameter earlier: by their hashes, when some of them were received before this server was restored.
    /// - Throws: `Reason` for what ends the conversation; the caller rolls back.
    func receive(
        _ linked: LinkedBatch, of id: ReplicaID, from device: RecordID, earlier: [ChangeHash: Int64] = [:]
    ) throws -> Receipt {
        guard let replica = try ledger.replicaRow(id), replica.device == device else {
            throw Refusal.replicaForeign
        }
        let batch = linked.batch
        // The numbers up to there are those of the replica that it continues.
        guard (linked.links.allSatisfy { $0.entry.envelope.id.number > replica.through }) else {
            throw Refusal.chainBroken
        }
        let arrivals = try arrivals(of: linked, replica)
        let new = arrivals.filter { !$0.isKnown }.map(\.arrival)
        if new.count < arrivals.count, try ledger.standingFault(of: device) == Refusal.deviceRetired {
            for known in arrivals where known.isKnown {
                try ledger.keepRefused(known.arrival, of: replica.number)
            }
        }
        var settlement = Settlement(ledger: ledger, judge: judge, replica: replica)
        if !new.isEmpty {
            try checkSignatures(of: linked, replica, arrivals)
            let head = try ledger.head()
            try settlement.run(
                with: new.map { arrival in
                    let received = min(earlier[arrival.hash] ?? now, now)
                    return PendingChange(arrival, of: replica.number, received: received)
                })
            try checkRoom(
                of: replica, after: new.compactMap { settlement.verdicts[$0.entry.envelope.id.number] })
            if try ledger.head() > head { try retryMissing(&settlement) }
        }
        let entries = try batch.entries.map { entry in
            let id = entry.envelope.id
            let verdict =
                try settlement.verdicts[id.number] ?? ledger.verdict(of: replica.number, id.number)
            guard let verdict else {
                throw ServerError(
                    .damaged, "The verdict of \(id) is missing", remedy: "Restore the data from a backup")
            }
            return VerdictEntry(change: id, verdict: verdict)
        }
        return Receipt(
            entries: entries, decided: settlement.decided, walked: settlement.walked, cut: settlement.cut)
    }

    /// Goes on with what was cut short of a replica.
    func goOn(with id: ReplicaID, in audiences: Set<Int64>) throws -> Receipt {
        guard let replica = try ledger.replicaRow(id) else { return Receipt() }
        var settlement = Settlement(ledger: ledger, judge: judge, replica: replica)
        let head = try ledger.head()
        try settlement.run(in: audiences)
        if try ledger.head() > head { try retryMissing(&settlement) }
        return Receipt(decided: settlement.decided, cut: settlement.cut)
    }

    /// After a restore changes come in another order than before: what has come now may be what others lack.
    /// One may lack what another one lacks too, so it goes on until nothing more finds its place.
    private func retryMissing(_ settlement: inout Settlement) throws {
        guard judge.epochs.isRestored else { return }
        var head: Position
        repeat {
            head = try ledger.head()
            for row in try ledger.replicasWithMissing() {
                guard row != settlement.replica else {
                    try settlement.retryMissing(at: now)
                    continue
                }
                var other = Settlement(ledger: ledger, judge: judge, replica: row)
                try other.retryMissing(at: now)
                settlement.inherited += other.decided
            }
        } while try ledger.head() > head
    }

    /// A change that was brought, and whether it came earlier too.
    private struct Known {
        let arrival: Arrival
        let isKnown: Bool
    }

    /// The verdicts of what a copied replica shares with the one that was here first: of the changes of its
    /// batch before the first that another one was received for.
    func shared(_ linked: LinkedBatch, of id: ReplicaID, from device: RecordID) throws -> [VerdictEntry] {
        guard let replica = try ledger.replicaRow(id), replica.device == device else { return [] }
        var entries: [VerdictEntry] = []
        for link in linked.links {
            let number = link.entry.envelope.id.number
            guard try ledger.hash(of: replica.number, number) == link.hash,
                let verdict = try ledger.verdict(of: replica.number, number)
            else { break }
            entries.append(VerdictEntry(change: link.entry.envelope.id, verdict: verdict))
        }
        return entries
    }

    /// Compares each change with what is known of its replica.
    private func arrivals(of linked: LinkedBatch, _ replica: ReplicaRow) throws -> [Known] {
        var audiences: [AudienceID: (number: Int64, tip: ChainTip?)] = [:]
        let newest = try ledger.newestNumber(of: replica.number)
        let arrivals = try linked.links.map { link in
            let envelope = link.entry.envelope
            let audience: (number: Int64, tip: ChainTip?)
            if let known = audiences[envelope.audience] {
                audience = known
            } else {
                let number = try ledger.makeAudience(envelope.audience)
                audience = (number, try ledger.tip(of: replica.number, in: number))
                audiences[envelope.audience] = audience
            }
            let arrival = Arrival(
                entry: link.entry, audience: audience.number, previous: link.previous, inner: link.inner,
                hash: link.hash, bytes: link.bytes, change: link.change)
            // Beyond the newest one nothing can be known.
            if envelope.id.number > newest { return Known(arrival: arrival, isKnown: false) }
            let known = try ledger.hash(of: replica.number, envelope.id.number)
            if let known, known != link.hash { throw Refusal.replicaCopied }
            if known == nil, let tip = audience.tip, envelope.id.number <= tip.number {
                // The chain is known without a break up to its tip: this number belongs to another one.
                throw Refusal.replicaCopied
            }
            return Known(arrival: arrival, isKnown: known != nil)
        }
        if let fault = linked.fault { throw fault }
        return arrivals
    }

    /// Each chain with something new in it must end in a hash that the device signed.
    private func checkSignatures(
        of linked: LinkedBatch, _ replica: ReplicaRow, _ arrivals: [Known]
    ) throws {
        var checked: Set<AudienceID> = []
        for arrival in arrivals.filter({ !$0.isKnown }).map(\.arrival) {
            let audience = arrival.entry.envelope.audience
            guard checked.insert(audience).inserted else { continue }
            let head = linked.batch.heads.first { $0.replica == replica.id && $0.audience == audience }
            try checkRun(
                of: GrowingBatch.Chain(replica: replica.number, audience: arrival.audience),
                before: head?.links.count ?? 0)
            let last = arrivals.last { $0.arrival.audience == arrival.audience }?.arrival
            guard let last, let head, linked.signed.contains(audience) else { throw Refusal.chainUnsigned }
            try ledger.db.run(
                "INSERT OR IGNORE INTO signature VALUES (?, ?, ?, ?)",
                [
                    replica.number, arrival.audience, last.entry.envelope.id.number.pattern,
                    KeptSignature(head).bytes.blob,
                ])
            // The way from an earlier piece to what was signed goes on through this one. What was signed anew is another
            // word: who was given the first one may ask for it again.
            guard let begin = linked.begin else { continue }
            try ledger.db.run(
                """
                DELETE FROM signature WHERE replica = ? AND audience = ? AND number >= ? AND number < ?
                AND substr(signature, 1, \(ProtocolLimits.signatureBytes)) = ?
                """,
                [
                    replica.number, arrival.audience, begin.pattern, last.entry.envelope.id.number.pattern,
                    head.signature.blob,
                ])
        }
    }

    /// A reader gets a link for each change without a position, and so their number has a bound.
    private func checkRun(of chain: GrowingBatch.Chain, before links: Int) throws {
        guard links <= ProtocolLimits.batchEntries else { throw Refusal.chainTooLong }
        guard try ledger.hasWithheld(chain) else { return }
        let run = try ledger.withheldRun(of: chain)
        if run + links > IntakeLimits.withheldRun { throw Refusal.chainTooLong }
    }

    /// Whether so much may wait. What got its place is no matter of room, whatever waits in other audiences.
    private func checkRoom(of replica: ReplicaRow, after verdicts: [Verdict]) throws {
        let hasMore = verdicts.contains { verdict in
            switch verdict {
            case .held, .waiting: true
            case .accepted, .refused: false
            }
        }
        guard hasMore else { return }
        guard try ledger.waitingCount(of: replica.number) <= IntakeLimits.waitingChanges
        else { throw Refusal.queueFull }
        // What the secretariat has declined is no matter of room, and seldom makes a difference.
        let all = try ledger.db.one(
            "SELECT total(length(bytes)) FROM pending WHERE replica = ?", [replica.number])
        if let all, (all[0] as Double) <= Double(IntakeLimits.waitingBytes) { return }
        let waiting = try ledger.db.one(
            """
            SELECT total(length(p.bytes)) FROM pending p CROSS JOIN verdict v
            ON v.replica = p.replica AND v.number = p.number WHERE p.replica = ? AND v.state IN (2, 3)
            """, [replica.number])
        guard let waiting, (waiting[0] as Double) <= Double(IntakeLimits.waitingBytes)
        else { throw Refusal.queueFull }
    }
}

extension ServerLedger {
    /// The number of an audience, given to it now when it is new.
    func makeAudience(_ audience: AudienceID) throws -> Int64 {
        if let number = try audienceNumber(audience) { return number }
        try db.run("INSERT INTO audience (name) VALUES (?)", [audience.name])
        return db.lastInsertedRowID
    }

    /// The highest number that a replica has sent; 0 before the first.
    func newestNumber(of replica: Int64) throws -> UInt64 {
        let row = try db.one("SELECT max(number) FROM verdict WHERE replica = ?", [replica])
        return UInt64(clamping: row?[0] as Int64? ?? 0)
    }

    /// The hash of a change that was received before.
    func hash(of replica: Int64, _ number: UInt64) throws -> ChangeHash? {
        try db.one(
            "SELECT hash FROM verdict WHERE replica = ? AND number = ?", [replica, number.pattern]
        )?.hash(0)
    }
}
