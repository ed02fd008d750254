import ChangeLog
import Cryptography
import GRDB
import TransparencyLog

/// What a server that was put back to an earlier moment, and has gone another way since, has in common with what
/// devices know of it.
public enum SharedPast: Hashable, Sendable {
    /// So many leaves of the tree of receipts.
    case leaves(UInt64)
    /// The order up to this position.
    case positions(UInt64)
}

extension ServerLedger {
    /// How the epochs of this server began, the newest last; none as long as it was never restored.
    static func epochs(_ db: Database) throws -> [SignedEpoch] {
        try db.all(
            """
            SELECT epoch, parent, point, size, root, time, signature FROM epoch ORDER BY ordinal
            """, []
        ).map { row in
            SignedEpoch(
                record: EpochRecord(
                    epoch: Epoch(row.word(0)), parent: Epoch(row.word(1)), point: Position(row.word(2)),
                    treeSize: row.word(3), root: try row.hash(4), milliseconds: row[5]),
                signature: try row.bytes(6))
        }
    }

    /// Begins a new epoch: all positions up to the newest are inherited, or those that a part of the tree gave.
    ///
    /// - Parameters:
    ///   - fresh: 8 unpredictable bytes.
    ///   - past: how much is inherited; nil for all.
    ///   - now: milliseconds since 1970 UTC.
    func beginEpoch(
        _ fresh: Epoch, inheriting past: SharedPast? = nil, signedBy key: PrivateKey, at now: Int64
    ) throws -> EpochRecord {
        guard let tree = try newestTreeHead()?.head else {
            throw ServerError(
                .damaged, "The tree of receipts has no signed head", remedy: "Restore another backup")
        }
        let size = try past.map { try leaves(of: $0, tree.size) } ?? tree.size
        let frontier = try TreeFrontier(size: size, node: treeHash)
        let record = EpochRecord(
            epoch: fresh, parent: epoch, point: try past == nil ? head() : lastPosition(in: size),
            treeSize: size,
            root: frontier.root(hash: sha256), milliseconds: now)
        try db.run(
            """
            INSERT INTO epoch (epoch, parent, point, size, root, time, signature) VALUES (?, ?, ?, ?, ?, ?, ?)
            """,
            [
                record.epoch.value.pattern, record.parent.value.pattern, record.point.value.pattern,
                record.treeSize.pattern, record.root.bytes.blob, now, try key.sign(record.message).blob,
            ])
        try setMeta("epoch", fresh.value.bigEndianBytes)
        return record
    }

    private func leaves(of past: SharedPast, _ size: UInt64) throws -> UInt64 {
        var found: UInt64?
        switch past {
        case .leaves(let count): found = count <= size ? count : nil
        case .positions(0): found = 0
        case .positions(let last):
            found = try db.one("SELECT leaf FROM verdict WHERE position = ?", [last.pattern])
                .map { $0.word(0) + 1 }
        }
        guard let found else {
            throw AdministrationError(.forkBeyond, "\(size), \(try head())")
        }
        return found
    }

    /// The newest position among the first leaves of the tree at which a cursor may stand: positions are given in the
    /// order of the leaves that say so.
    private func lastPosition(in leaves: UInt64) throws -> Position {
        let row = try db.one(
            "SELECT max(position) FROM verdict WHERE leaf < ? AND position IS NOT NULL", [leaves.pattern])
        let last = UInt64(clamping: row?[0] as Int64? ?? 0)
        guard let stored = try db.one("SELECT bytes FROM change WHERE position = ?", [last.pattern]),
            let group = try Change(canonicalBytes: stored.bytes(0)).envelope.group,
            group.index + 1 < group.count
        else { return Position(last) }
        return Position(last - UInt64(group.index) - 1)
    }
}
