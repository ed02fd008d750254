import ChangeLog
import Cryptography
import GRDB
import TransparencyLog

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

    /// Begins a new epoch at what is here: all positions up to the newest are inherited.
    ///
    /// - Parameters:
    ///   - fresh: 8 unpredictable bytes.
    ///   - now: milliseconds since 1970 UTC.
    func beginEpoch(
        _ fresh: Epoch, signedBy key: PrivateKey, at now: Int64
    ) throws -> EpochRecord {
        guard let tree = try newestTreeHead()?.head else {
            throw ServerError(
                .damaged, "The tree of receipts has no signed head", remedy: "Restore another backup")
        }
        let record = EpochRecord(
            epoch: fresh, parent: epoch, point: try head(), treeSize: tree.size, root: tree.root,
            milliseconds: now)
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
}
