public import ChangeLog
import GRDB
import Merging

/// Hashes over the accepted state: equal on any two replicas with one epoch and cursor.
public struct ReplicaDigest: Hashable, Sendable {
    /// The name of the hash and of the rules by which records are folded.
    public static let algorithm = "sha256-v\(MergedRecord.foldVersion)"

    public let cursor: Position
    public let epoch: Epoch
    /// Own changes that are not accepted, and so not covered.
    public let pending: Int
    /// The whole audiences, by name.
    public let audiences: [AudienceEntry]

    /// The hash of one audience, and what it covers.
    public struct AudienceEntry: Hashable, Sendable {
        public let audience: AudienceID
        public let digest: ChangeHash
        public let records: Int
        public let changes: Int
    }
}

extension ReplicaReader {
    /// Folds the log anew, up to the cursor: independent of everything that is kept for reading.
    public func digest() throws -> ReplicaDigest {
        let state = try ReplicaState.load(db)
        let counts = try counts()
        return ReplicaDigest(
            cursor: state.cursor, epoch: state.epoch,
            pending: counts.queued + counts.held + counts.waiting,
            audiences: try audiences().filter(\.isComplete).map { try digest(of: $0, at: state.cursor) })
    }

    private func digest(
        of audience: AudienceStatus, at cursor: Position
    ) throws -> ReplicaDigest.AudienceEntry {
        // The lane of a grant, or a verdict, may have brought changes beyond the cursor.
        let rows = try LogTable(db: db).rows(
            LogTable.isInAudience + " AND position <= ?",
            [audience.audience.name, try StoredNumber.of(cursor)],
            order: "position")
        var workspace = Workspace()
        let ancestry = try Ancestry(db)
        for entry in rows.compactMap({ $0.logEntry(ancestry) }) { workspace.insert(entry) }
        var folds: [MergedRecord] = []
        for record in workspace.records(in: audience.audience) {
            if let fold = workspace.merged(record, in: audience.audience) { folds.append(fold) }
        }
        return ReplicaDigest.AudienceEntry(
            audience: audience.audience,
            digest: AudienceDigest.digest(of: folds, hash: ChangeHash.sha256), records: folds.count,
            changes: rows.count)
    }
}

extension Replica {
    /// One hash for each audience over its accepted state.
    public func digest() async throws -> ReplicaDigest { try await read { try $0.digest() } }
}
