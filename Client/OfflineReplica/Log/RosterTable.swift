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

    /// The key that signs for a replica; nil when the roster does not name one.
    func key(of replica: ReplicaID) throws -> PublicKey? {
        let row = try Row.fetchOne(
            try db.cachedStatement(
                sql: """
                    SELECT key FROM signer JOIN device ON device.device = signer.device
                    WHERE signer.replica = ?
                    """),
            arguments: [replica.data])
        guard let bytes = try row?.bytes("key") else { return nil }
        do {
            return try PublicKey(subjectPublicKeyInfo: bytes)
        } catch {
            throw ReplicaError(.corrupt, "the key of a device cannot be read", cause: error)
        }
    }

    /// Takes over what a change of the server says about devices.
    func note(_ change: Change) throws {
        for operation in change.operations {
            switch operation {
            case .create(let device, Roster.device, _, let key?): try note(device, key)
            case .write(let device, Roster.deviceReplicas, .decided, .list(let replicas)):
                for case .bytes(let bytes) in replicas { try note(device, replica: bytes) }
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
