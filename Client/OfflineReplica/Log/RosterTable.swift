import ChangeLog
import Cryptography
import Foundation
import GRDB

/// Whose key signs for which replica: what the roster says, at hand before anything can be folded,
/// since the changes that say it are checked with it.
struct RosterTable {
    let db: Database

    /// The device that a replica writes with; nil when the roster does not name it.
    func device(of replica: ReplicaID, own: ReplicaIdentity) throws -> RecordID? {
        if replica == own.replica { return own.device }
        let row = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT device FROM signer WHERE replica = ?"),
            arguments: [replica.data])
        return try row?.record("device")
    }

    /// The key that signs for a replica.
    ///
    /// - Throws: `evidence` when neither the server nor the roster vouches for it.
    func key(of replica: ReplicaID, server key: PublicKey) throws -> PublicKey {
        if try replica == server() { return key }
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT key FROM signer JOIN device ON device.device = signer.device
                    WHERE signer.replica = ?
                    """),
            arguments: [replica.data])
        guard let bytes = try row?.bytes("key") else {
            throw ReplicaError(.evidence, "the roster does not know whose device replica \(replica) is")
        }
        do {
            return try PublicKey(subjectPublicKeyInfo: bytes)
        } catch {
            throw ReplicaError(.corrupt, "the key of a device cannot be read", cause: error)
        }
    }

    /// The replica that the server itself writes with; nil before the first change of the roster.
    func server() throws -> ReplicaID? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: "SELECT serverReplica FROM replica WHERE serverReplica IS NOT NULL"))
        return try row?.replica("serverReplica")
    }

    /// The roster's first change is the server's: its chain is checked with the server's key from now on.
    func learnServer(_ replica: ReplicaID) throws {
        try db.execute(
            sql: "UPDATE replica SET serverReplica = ? WHERE serverReplica IS NULL",
            arguments: [replica.data])
    }

    /// Takes over what a change says about devices and epochs, if the server made it: nobody else writes the roster.
    func note(_ change: Change) throws {
        guard change.envelope.audience == Roster.audience, try change.id.replica == server() else { return }
        // Who begins after a restore is told of it here alone, and what was done before is in the positions of then.
        if let epoch = EpochRecord(change.operations) { try EpochTable(db: db).insert(epoch) }
        for operation in change.operations {
            switch operation {
            case .create(let device, Roster.device, _, let key?): try note(device, key)
            case .write(let device, Roster.deviceReplicas, .decided, .list(let replicas)):
                for case .bytes(let bytes) in replicas { try note(device, replica: bytes) }
            case .write(_, Roster.deviceContinuations, .decided, .list(let values)):
                let table = ContinuationTable(db: db)
                for continuation in values.compactMap(Continuation.init) { try table.insert(continuation) }
            default: break
            }
        }
    }

    private func note(_ device: RecordID, _ key: RecordKey) throws {
        guard case .bytes(let bytes)? = key.values.first,
            key.record(kind: Roster.device, hash: ChangeHash.sha256) == device
        else { return }
        try db.execute(
            sql: "INSERT OR IGNORE INTO device (device, key) VALUES (?, ?)",
            arguments: [device.data, Data(bytes)])
    }

    private func note(_ device: RecordID, replica bytes: [UInt8]) throws {
        guard let bits = Identifier128(bytes: bytes) else { return }
        try db.execute(
            sql: "INSERT OR REPLACE INTO signer (replica, device) VALUES (?, ?)",
            arguments: [bits.data, device.data])
    }
}
