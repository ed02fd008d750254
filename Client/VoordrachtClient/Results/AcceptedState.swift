import ChangeLog
import OfflineReplica

/// One hash per audience over the accepted state: equal on any two replicas with the same cursor and
/// audience.
public struct AcceptedState: Hashable, Sendable, Documented {
    /// An audience and the hash of what was accepted in it.
    public struct Audience: Hashable, Sendable, Documented {
        public let id: AudienceID
        public let digest: ChangeHash
        public let records: Int
        public let changes: Int

        public var json: JSON {
            [
                "id": .string(id.name), "digest": .string("\(digest)"), "records": JSON(records),
                "changes": JSON(changes),
            ]
        }
    }

    public let cursor: Position
    public let epoch: Epoch
    /// Own changes that are not in it yet.
    public let pending: Int
    public let audiences: [Audience]

    public var json: JSON {
        [
            "cursor": JSON(cursor), "epoch": .string("\(epoch)"), "pending": JSON(pending),
            "algorithm": "sha256-v1", "audiences": JSON(audiences),
        ]
    }
}

extension Voordracht {
    public func digest() async throws -> AcceptedState {
        let digest = try await replica.digest()
        return AcceptedState(
            cursor: digest.cursor, epoch: digest.epoch, pending: digest.pending,
            audiences: digest.audiences.map {
                AcceptedState.Audience(
                    id: $0.audience, digest: $0.digest, records: $0.records, changes: $0.changes)
            })
    }
}
