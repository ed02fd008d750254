import ChangeLog
import Cryptography
public import SyncProtocol

extension SyncService {
    /// Takes in changes of a replica of somebody else, as their author signed them: after a restore any device
    /// gives back what it was delivered.
    ///
    /// They are judged as if their author had sent them now.
    ///
    /// - Throws: `Reason` as `push`; `replica.foreign` for a replica that the roster does not name.
    public func offer(
        _ batch: Batch, by device: DeviceIdentity, evidence: [EarlierReceipt] = []
    ) async throws -> [VerdictEntry] {
        if batch.entries.first?.envelope.id.replica == engine.author.replica {
            return try await remember(batch, by: device)
        }
        return try await take(
            batch, by: device, received: engine.environment.nowMilliseconds(), evidence, isOffered: true
        ) { _, _ in }
    }

    /// - Parameters:
    ///   - received: when it was here whole, milliseconds since 1970 UTC.
    ///   - isOffered: whether its chains may be signed beyond what is here.
    ///   - check: whether the device that signed, a record of the roster, may be heard.
    func take(
        _ batch: Batch, by device: DeviceIdentity, received: Int64, _ evidence: [EarlierReceipt] = [],
        isOffered: Bool = false,
        _ check: @escaping @Sendable (ServerLedger, RecordID) throws -> Void
    ) async throws -> [VerdictEntry] {
        let engine = engine
        guard let replica = batch.entries.first?.envelope.id.replica else { return [] }
        let owner = try await engine.read { ledger -> (device: RecordID, key: [UInt8]) in
            guard let owner = try ledger.replicaRow(replica)?.device, owner != engine.author.device,
                case .bytes(let key) = try ledger.origin(of: owner, in: Roster.audience)?.key?.values.first
            else { throw Refusal.replicaForeign }
            return (owner, key)
        }
        let key: PublicKey
        do { key = try PublicKey(subjectPublicKeyInfo: owner.key) } catch { throw Refusal.replicaForeign }
        let linked = LinkedBatch(
            batch, of: replica, key: key, isOffered: isOffered, hash: engine.judge.hash)
        return try await engine.take(
            linked, of: replica, by: device, received: received,
            earlier: engine.earlier(linked, evidence), engine.environment.logger.acting(device)
        ) { ledger in
            if let reason = try ledger.standingFault(of: device.device) { throw reason }
            try check(ledger, owner.device)
            return owner.device
        }.entries
    }
}
