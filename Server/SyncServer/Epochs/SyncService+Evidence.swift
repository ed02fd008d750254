import ChangeLog
import Cryptography
import GRDB
import Logging
import SyncProtocol

extension SyncService {
    /// Takes in what this server itself had written before it was restored, and devices still hold: as evidence, for it
    /// cannot come back as it was.
    ///
    /// What took a right away, and what erased, is done again, as a change of today. Nothing that gave a right counts.
    ///
    /// - Returns: for each change that it is settled, or that it waits for a change that is not here yet.
    /// - Throws: `Reason` `replica.foreign` or `chain.unsigned` for what this server did not sign.
    func remember(_ batch: Batch, by device: DeviceIdentity) async throws -> [VerdictEntry] {
        let engine = engine
        let linked = LinkedBatch(
            batch, of: engine.author.replica, key: engine.author.key.publicKey, isOffered: true,
            hash: engine.judge.hash)
        if let fault = linked.fault { throw fault }
        guard linked.signed.isSuperset(of: batch.entries.map(\.envelope.audience)) else {
            throw Refusal.chainUnsigned
        }
        let outcome = try await engine.queue.commit(for: device.device, cost: linked.cost) { ledger in
            if let reason = try ledger.standingFault(of: device.device) { throw reason }
            return try Evidence(ledger: ledger, engine: engine).take(linked)
        }
        engine.tell(outcome.decided, to: engine.environment.logger)
        for device in outcome.revoked {
            LogEntry(action: .revoke, object: Reference.text(device), result: "restored")
                .write(to: engine.environment.logger, .notice, "Revoked again")
        }
        var waiting: Set<ChangeID> = []
        for (change, erasures) in outcome.erasures {
            if try await !engine.eraseAgain(erasures) { waiting.insert(change) }
        }
        return batch.entries.map { entry in
            let id = entry.envelope.id
            return VerdictEntry(
                change: id, verdict: waiting.contains(id) ? .waiting(behind: 0) : .refused(Refusal.remembered)
            )
        }
    }
}

/// What the lost part of the order says that is to hold again, inside one transaction.
private struct Evidence {
    let ledger: ServerLedger
    let engine: Engine

    struct Outcome: Sendable {
        var decided: [VerdictEntry] = []
        var revoked: [RecordID] = []
        var erasures: [(ChangeID, [ErasureTarget])] = []
    }

    /// In one change.
    private static let operations = 1_000

    func take(_ linked: LinkedBatch) throws -> Outcome {
        var outcome = Outcome()
        var facts: [Fact: (value: Value, epoch: Epoch)] = [:]
        for link in linked.links {
            guard let change = link.change, try isLost(link) else { continue }
            let audience = change.envelope.audience
            let erasures = Erasure.all(in: change.operations, hash: engine.judge.hash)
            if !erasures.isEmpty {
                let targets = erasures.map { ErasureTarget(erasure: $0, audience: audience) }
                outcome.erasures.append((change.id, targets))
            }
            guard audience == Roster.audience else { continue }
            for case .write(let record, let field, .decided, let value) in change.operations {
                facts[Fact(record: record, field: field)] = (value, change.envelope.base.epoch)
            }
        }
        var operations: [ChangeLog.Operation] = []
        for (fact, lost) in facts.sorted(by: { $0.key < $1.key }) {
            guard let value = try restricted(fact, lost.value, of: lost.epoch) else { continue }
            operations.append(.write(fact.record, fact.field, .decided, value))
            if fact.field == Roster.deviceStanding { outcome.revoked.append(fact.record) }
        }
        for start in stride(from: 0, to: operations.count, by: Self.operations) {
            let piece = Array(operations[start...].prefix(Self.operations))
            outcome.decided += try engine.demand(
                [(Roster.audience, piece)], seeds: [engine.randomBits()], in: ledger)
        }
        return outcome
    }

    private struct Fact: Hashable, Comparable {
        let record: RecordID
        let field: FieldName

        static func < (left: Self, right: Self) -> Bool {
            (left.record, left.field.name) < (right.record, right.field.name)
        }
    }

    /// Whether it was written in a part of the order that a restore cut off: of what is inherited all is known.
    private func isLost(_ link: LinkedBatch.Link) throws -> Bool {
        let envelope = link.entry.envelope
        guard envelope.base.epoch != engine.epoch, engine.judge.epochs.bound(of: envelope.base.epoch) != nil,
            let own = try ledger.replicaRow(envelope.id.replica)
        else { return false }
        return try ledger.hash(of: own.number, envelope.id.number) != link.hash
    }

    /// The value that a fact is to have, where what is inherited gives more than what was lost; nil where it stays.
    /// What was decided since the restore stands.
    private func restricted(_ fact: Fact, _ lost: Value, of epoch: Epoch) throws -> Value? {
        guard let bound = engine.judge.epochs.bound(of: epoch), fact.record != engine.author.device,
            let holder = try ledger.holder(of: fact.field, of: fact.record, in: Roster.audience)
        else { return nil }
        switch try ledger.origin(of: fact.record, in: Roster.audience)?.kind {
        case Roster.device where fact.field == Roster.deviceStanding:
            return Self.rank(lost) > Self.rank(holder.value) ? lost : nil
        case Roster.person where holder.position <= bound: return Self.less(holder.value, lost)
        default: return nil
        }
    }

    /// What rights a person has only the domain knows. A list gives no more than what is in it, and a record no more than
    /// none.
    private static func less(_ value: Value, _ lost: Value) -> Value? {
        if case .record = value { return value == lost ? nil : .null }
        guard let list = value.list, let others = lost.list else { return nil }
        let left = list.filter(others.contains)
        return left.count < list.count ? .list(left) : nil
    }

    private static func rank(_ standing: Value) -> Int {
        switch standing.text {
        case Roster.retired: 1
        case Roster.lost: 2
        default: 0
        }
    }
}
