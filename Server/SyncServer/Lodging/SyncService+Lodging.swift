public import ChangeLog
public import SyncProtocol

extension SyncService {
    /// Keeps, durably and with its moment, that chains of a device end so, whose newest changes are about to come.
    ///
    /// - Parameter moment: when that was told, milliseconds since 1970 UTC; nil for now.
    /// - Throws: `Reason` as `push`.
    public func lodge(
        _ heads: [LodgedHead], of replica: ReplicaID, by device: DeviceIdentity, at moment: Int64? = nil
    ) async throws {
        let engine = engine
        let moment = moment ?? engine.environment.nowMilliseconds()
        guard let lodging = engine.judge.rules.lodging else { return }
        let heads = heads.filter { lodging.concerns($0.audience) }
        guard !heads.isEmpty else { return }
        try await engine.queue.commit(for: device.device, cost: heads.count) { ledger in
            if let reason = try ledger.pushFault(of: device.device) { throw reason }
            guard let row = try ledger.replicaRow(replica), row.device == device.device else {
                throw Refusal.replicaForeign
            }
            for head in heads { try ledger.lodge(head, of: row.number, at: moment) }
        }
    }
}

extension Engine {
    /// Writes down which of these changes were lodged before a deadline that is over now, so that they are judged by it.
    ///
    /// - Returns: what was decided about that.
    func witness(
        _ linked: LinkedBatch, of replica: ReplicaID, received: Int64, seed: Identifier128,
        in ledger: ServerLedger
    ) throws -> [VerdictEntry] {
        guard let lodging = judge.rules.lodging else { return [] }
        let operations = try ledger.witnessed(linked, of: replica, received: received, by: lodging).flatMap {
            try lodging.record($0.hash, $0.moment, ledger)
        }
        guard !operations.isEmpty else { return [] }
        return try demand([(Roster.audience, operations)], seeds: [seed], in: ledger)
    }
}
