import ChangeLog
import Cryptography
import GRDB
import SyncProtocol

/// The server as an author: it writes the roster, as a replica like any other.
struct ServerAuthor: Sendable {
    let replica: ReplicaID
    let device: RecordID
    let key: PrivateKey
    let schema: UInt32

    /// Writes changes on the view of this moment, as one group when there are several, and has them judged.
    ///
    /// - Parameter seeds: one for each change; those of one audience share the first of theirs.
    func write(
        _ drafts: [(audience: AudienceID, operations: [Operation])], seeds: [Identifier128],
        through intake: Intake
    ) throws -> Receipt {
        guard !drafts.isEmpty else { return Receipt(entries: [], decided: [], walked: 0) }
        guard drafts.count <= Limits.groupChanges, seeds.count == drafts.count else {
            throw ServerError(
                .rules, "\(drafts.count) changes in one group, at most \(Limits.groupChanges) are allowed",
                remedy: "Write them in several groups")
        }
        let batch = try batch(of: drafts, seeds, intake)
        let linked = LinkedBatch(batch, of: replica, key: key.publicKey, hash: intake.judge.hash)
        return try intake.receive(linked, of: replica, from: device)
    }

    private func batch(
        of drafts: [(audience: AudienceID, operations: [Operation])], _ seeds: [Identifier128],
        _ intake: Intake
    ) throws -> Batch {
        let ledger = intake.ledger
        guard let row = try ledger.replicaRow(replica) else { throw Refusal.replicaForeign }
        let own = try ledger.newestNumber(of: row.number)
        let base = Base(epoch: ledger.epoch, position: try ledger.head(), own: own)
        var time = HybridTime(try ledger.meta("time")?.reduce(0) { $0 << 8 | UInt64($1) } ?? 0)
        var batch = Batch(entries: [], heads: [])
        var chains: [(audience: AudienceID, seed: Identifier128, hash: ChangeHash)] = []
        for (index, draft) in drafts.enumerated() {
            time = time.next(wallMilliseconds: intake.now)
            var chain = chains.firstIndex { $0.audience == draft.audience }
            var previous: ChangeHash?
            if chain == nil {
                let tip = try ledger.tip(of: row.number, in: ledger.makeAudience(draft.audience))
                previous = tip?.hash ?? .zero
                chain = chains.count
                chains.append((draft.audience, seeds[index], previous ?? .zero))
            }
            let place = chain ?? 0
            let envelope = Envelope(
                id: ChangeID(replica: replica, number: own + 1 + UInt64(index)), base: base, time: time,
                audience: draft.audience,
                group: ChangeGroup(index: UInt8(index), count: UInt8(drafts.count)), schema: schema)
            let change = Change(
                envelope: envelope, salt: .seed(chains[place].seed), operations: draft.operations)
            chains[place].hash = Chain.hash(
                of: change, previous: chains[place].hash, hash: intake.judge.hash)
            batch.entries.append(
                BatchEntry(
                    envelope: envelope, body: .contents(change.salt, change.operations),
                    previous: previous))
        }
        batch.heads = try chains.map { chain in
            SignedHead(
                replica: replica, audience: chain.audience, links: [],
                signature: try key.sign(SignedHead.message(chain.hash)))
        }
        try ledger.setMeta("time", time.value.bigEndianBytes)
        return batch
    }
}
