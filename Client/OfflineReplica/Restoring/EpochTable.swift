import ChangeLog
import GRDB
import Merging

/// How the server's epochs began, as far as this replica was told.
struct EpochTable {
    let db: Database

    func records() throws -> [EpochRecord] {
        let statement = try db.cachedStatement(
            sql: "SELECT epoch, parent, point, size, root, time FROM epoch ORDER BY epoch")
        return try Row.fetchAll(statement).map { row in
            EpochRecord(
                epoch: Epoch(row.number("epoch")), parent: Epoch(row.number("parent")),
                point: row.position("point"), treeSize: row.number("size"), root: try row.hash("root"),
                milliseconds: row["time"])
        }
    }

    /// What positions of earlier epochs mean in the one in force.
    func lineage() throws -> EpochLineage {
        let records = try records()
        var places: [Epoch: Position] = [:]
        for record in records { places[record.epoch] = try place(of: record) }
        return EpochLineage(try ReplicaState.load(db).epoch, records, at: places)
    }

    /// Where the roster says that it began; nil before that has come.
    private func place(of record: EpochRecord) throws -> Position? {
        let key = RecordKey([.bytes(record.epoch.value.bigEndianBytes)])
        let id = key.record(kind: Roster.epoch, hash: ChangeHash.sha256)
        return try Row.fetchOne(
            db.cachedStatement(
                sql: """
                    SELECT position FROM change WHERE id IN (
                        SELECT change FROM touch WHERE record = ?
                        AND audience = (SELECT id FROM audience WHERE name = ?))
                    AND replica = (SELECT serverReplica FROM replica) AND position IS NOT NULL
                    ORDER BY position LIMIT 1
                    """), arguments: [id.data, Roster.audience.name])?.position("position")
    }

    func insert(_ record: EpochRecord) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO epoch (epoch, parent, point, size, root, time)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                Int64(bitPattern: record.epoch.value), Int64(bitPattern: record.parent.value),
                try StoredNumber.of(record.point), try StoredNumber.of(record.treeSize), record.root.data,
                record.milliseconds,
            ])
    }
}

/// What the roster and the server say of where changes come from: a fold needs it to tell who saw what.
struct Ancestry {
    let lineages: Lineages
    private let epochs: EpochLineage

    init(_ db: Database) throws {
        lineages = try ContinuationTable(db: db).lineages()
        epochs = try EpochTable(db: db).lineage()
    }

    /// A base in the positions of the epoch in force; of a part of the order that was lost it saw nothing.
    ///
    /// - Parameter position: where the change stands; nil for one without a position.
    func translated(_ base: Base, at position: Position? = nil) -> Base {
        (position.map { epochs.translated(base, at: $0) } ?? epochs.translated(base))
            ?? Base(epoch: epochs.current, position: .origin, own: base.own)
    }

    /// A change as the fold wants it.
    func entry(_ change: Change, _ placement: Placement) -> LogEntry {
        var change = change
        change.envelope.base = translated(change.envelope.base, at: placement.position)
        return LogEntry(change, placement, lineage: lineages[change.id.replica])
    }
}
