public import ChangeLog
import GRDB
import Logging
import SyncProtocol

extension SyncService {
    /// Lets a device go on with a new replica from one of its own whose next numbers another copy has used.
    ///
    /// Repeated, it gives the same answer.
    ///
    /// - Throws: `Reason` `replica.foreign` for a replica that is not this device's; `replica.taken` for an id
    ///   that is in use or not above the one that it continues; `replica.tooMany`.
    public func `continue`(_ continuation: Continuation, by device: DeviceIdentity) async throws {
        try await self.continue(continuation, by: device, engine.environment.logger.acting(device))
    }

    /// - Parameter logger: that of the request.
    func `continue`(
        _ continuation: Continuation, by device: DeviceIdentity, _ logger: Logger
    ) async throws {
        let engine = engine
        let seed = engine.randomBits()
        let decided = try await engine.queue.commit(for: device.device) { ledger -> [VerdictEntry] in
            // Copies of a retired device too have what they are to hand in.
            if let reason = try ledger.pushFault(of: device.device) { throw reason }
            guard try ledger.register(continuation, of: device.device) else { return [] }
            let id = device.device
            let known = try ledger.rostered(id, Roster.deviceReplicas)?.list ?? []
            let continued = try ledger.rostered(id, Roster.deviceContinuations)?.list ?? []
            let operations: [Operation] = [
                .write(
                    id, Roster.deviceReplicas, .decided,
                    .list(known + [.bytes(continuation.replica.bytes)])),
                .write(
                    id, Roster.deviceContinuations, .decided, .list(continued + [continuation.value])),
            ]
            return try engine.demand([(Roster.audience, operations)], seeds: [seed], in: ledger)
        }
        engine.tell(decided, to: logger)
        LogEntry(
            action: .continue, object: "\(continuation.replica)", result: decided.isEmpty ? "repeated" : "ok"
        ).write(to: logger, .notice, "Continued")
    }
}

/// How often a device may go on as another replica: each of them stands in the roster for good.
enum ContinuationLimits {
    static let replicas = Lineages.depth
}

extension ServerLedger {
    /// Writes the new replica down.
    ///
    /// - Returns: false where it stands there already.
    fileprivate func register(_ continuation: Continuation, of device: RecordID) throws -> Bool {
        let continued = continuation.continued
        guard let old = try replicaRow(continued.replica), old.device == device else {
            throw Refusal.replicaForeign
        }
        if let row = try replicaRow(continuation.replica) {
            let isSame =
                row.device == device && row.continues == old.number && row.through == continued.number
            guard isSame else { throw Refusal.replicaTaken }
            return false
        }
        // Above it, so that what has no position yet stands in the order of its numbers everywhere. That the
        // continued change is not here yet is no matter: a restore may have lost it.
        guard continued.replica < continuation.replica else { throw Refusal.replicaTaken }
        let count = try db.one("SELECT count(*) FROM replica WHERE device = ?", [device.bytes.blob])
        guard count?[0] as Int? ?? 0 < ContinuationLimits.replicas else { throw Refusal.replicaTooMany }
        try db.run(
            "INSERT INTO replica (bits, device, continues, through) VALUES (?, ?, ?, ?)",
            [
                continuation.replica.bytes.blob, device.bytes.blob, old.number, continued.number.pattern,
            ])
        return true
    }

    /// What a replica continues.
    func lineage(of replica: ReplicaID) throws -> Lineage {
        guard let row = try replicaRow(replica), row.continues != nil else { return .none }
        return try ancestors(of: row).reversed().reduce(Lineage.none) { lineage, ancestor in
            let change = ChangeID(replica: ancestor.row.id, number: ancestor.through)
            return Lineage(continuing: change, of: lineage)
        }
    }

    /// The replicas that a replica continues, the nearest first, each with the number up to which it does.
    func ancestors(of replica: ReplicaRow) throws -> [(row: ReplicaRow, through: UInt64)] {
        var ancestors: [(row: ReplicaRow, through: UInt64)] = []
        var (next, through) = (replica.continues, replica.through)
        while let number = next, ancestors.count < Lineages.depth, let row = try replicaRow(number: number) {
            ancestors.append((row, through))
            (next, through) = (row.continues, min(row.through, through))
        }
        return ancestors
    }

    /// The replicas that continue a replica.
    func heirs(of replica: ReplicaRow) throws -> [ReplicaRow] {
        try db.all("SELECT id FROM replica WHERE continues = ? ORDER BY id", [replica.number])
            .compactMap { try replicaRow(number: $0[0]) }
    }

    func replicaRow(number: Int64) throws -> ReplicaRow? {
        let row = try db.one("SELECT bits FROM replica WHERE id = ?", [number])
        return try row.flatMap { try replicaRow(ReplicaID($0.id(0))) }
    }
}
