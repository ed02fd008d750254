public import ChangeLog
import Cryptography
import SyncProtocol

/// Unsent changes in a file that only the server can read.
public struct SealedChanges: Hashable, Sendable {
    /// The file (see `SealedBundle`).
    public let bytes: [UInt8]
    /// What is in it, in the order in which it is sent.
    public let changes: [ChangeID]
}

extension Replica {
    /// Seals what a push would send now, with the same signatures, to the server's key for bundles.
    ///
    /// All of it stays queued until its verdict comes by an exchange; to send it twice changes nothing.
    ///
    /// - Throws: `BundleError`; `ReplicaError`.
    public func bundle() async throws -> SealedChanges {
        let server = try await bundleKey()
        let (identity, key, limit) = (identity, try key(), environment.batchEntries)
        let batches: [Batch]
        do {
            batches = try await writing { db in
                try Outbox(
                    db: db, identity: identity.current(db), key: key, limit: limit,
                    bytes: ProtocolLimits.batchBytes
                ).everything()
            }
        } catch { throw StorageFailure.translated(error, place.database) }
        guard !batches.isEmpty else { throw BundleError(.nothing, "Nothing here waits to be sent") }
        let bundle = Bundle(hello: try await hello(), batches: batches)
        let bytes = bundle.bytes
        guard SealedBundle.sealedBytes(of: bytes.count) <= ProtocolLimits.bundleBytes else {
            throw BundleError(
                .tooLarge,
                "The edits that wait are more than the \(ProtocolLimits.bundleBytes >> 20) MiB of a bundle")
        }
        return SealedChanges(
            bytes: try SealedBundle.seal(bytes, to: server),
            changes: batches.flatMap { $0.entries.map(\.envelope.id) })
    }

    /// What the roster says, where it has come to this replica.
    private func bundleKey() async throws -> PublicKey {
        let device = Roster.key(ofDevice: identity.serverKey.subjectPublicKeyInfo)
            .record(kind: Roster.device, hash: Self.hash)
        guard case .bytes(let bytes) = try await read({ try $0.rostered(device, Roster.bundleKey) }) else {
            throw BundleError(.noKey, "The server's key for bundles has not come to this device yet")
        }
        return try PublicKey(subjectPublicKeyInfo: bytes)
    }

    /// Hands somebody's bundle to the server, which alone can read it.
    ///
    /// - Throws: `Reason` `bundle.…` and others of the server; `ConnectionError`.
    public func deliver(bundle bytes: [UInt8], over connection: ServerConnection) async throws
        -> BundleOutcome
    {
        try await connection.deliver(bundle: bytes)
    }
}
