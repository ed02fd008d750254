public import ChangeLog
import Cryptography
import GRDB
import SyncProtocol

/// A pull ends here, and begins anew in the epoch that the replica stands in now.
struct EpochBegan: Error {}

/// That the server was restored, as an exchange found out.
public struct Restoration: Hashable, Sendable {
    public let epoch: Epoch
    /// The last position that this replica kept.
    public let point: Position
    /// Own changes that were accepted before and wait for it again.
    public let offered: Int
}

extension Replica {
    /// Goes over to the epoch that the server tells.
    ///
    /// - Throws: `ReplicaError` `treeUnsigned` where the server did not sign it; `epoch` where it goes on from
    ///   none that is known here.
    func rewind(to epoch: Epoch, _ records: [SignedEpoch]) async throws -> Restoration {
        for signed in records where !identity.serverKey.verify(signed.signature, over: signed.record.message)
        {
            throw ReplicaError(
                .treeUnsigned, "The beginning of epoch \(signed.record.epoch) is not signed by the server")
        }
        let schema = rules.schema
        let own = records.map(\.record)
        return try await write { db in
            // Another program of this replica may have been first.
            let before = try LogTable(db: db).ownAccepted()
            guard try ReplicaState.load(db).epoch != epoch else {
                return Restoration(epoch: epoch, point: try ReplicaState.load(db).cursor, offered: 0)
            }
            let point = try Rewinding(db: db, schema: schema).rewind(to: epoch, own)
            let after = try LogTable(db: db).ownAccepted()
            return Restoration(epoch: epoch, point: point, offered: before - after)
        }
    }
}

extension LogTable {
    fileprivate func ownAccepted() throws -> Int {
        try Int.fetchOne(
            db, sql: "SELECT count(*) FROM change WHERE \(OwnReplicas.condition) AND position IS NOT NULL")
            ?? 0
    }
}
