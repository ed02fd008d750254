import ChangeLog
import GRDB

/// The newest hash of each chain: of the replica's own as recorded, of others' as delivered.
struct ChainTable {
    let db: Database

    func hash(_ replica: ReplicaID, _ audience: AudienceID) throws -> ChangeHash? {
        let row = try Row.fetchOne(
            try db.cachedStatement(sql: "SELECT hash FROM chain WHERE replica = ? AND audience = ?"),
            arguments: [replica.data, audience.name])
        return try row?.hash("hash")
    }

    func set(_ hash: ChangeHash, _ replica: ReplicaID, _ audience: AudienceID) throws {
        try db.cachedStatement(
            sql: """
                INSERT INTO chain (replica, audience, hash) VALUES (?, ?, ?)
                ON CONFLICT (replica, audience) DO UPDATE SET hash = excluded.hash
                """
        ).execute(arguments: [replica.data, audience.name, hash.data])
    }

    /// Forgets the chains of others in an audience that is no longer read.
    func forget(_ audience: AudienceID, except replica: ReplicaID) throws {
        try db.execute(
            sql: "DELETE FROM chain WHERE audience = ? AND replica <> ?",
            arguments: [audience.name, replica.data])
    }
}
