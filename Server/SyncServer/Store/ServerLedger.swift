import ChangeLog
import GRDB

/// The accepted changes as the tables hold them, inside one transaction.
///
/// Anyone may read it; only the intake writes.
struct ServerLedger: Ledger {
    let db: Database
    let epoch: Epoch
    /// What this transaction has changed that a rule can depend on.
    let touched = TouchedFacts()
    /// What this transaction adds to the tree of receipts.
    let tree = TreeGrowth()

    init(_ db: Database, epoch: Epoch) {
        self.db = db
        self.epoch = epoch
    }

    /// What stands at or beyond it is another hand's: no server has given so many. `verify` tells of it.
    static let lastPosition: UInt64 = 1 << 62

    func head() throws -> Position {
        let row = try db.one(
            "SELECT max(position) FROM change WHERE position < ?", [Self.lastPosition.pattern])
        return Position(UInt64(clamping: row?[0] as Int64? ?? 0))
    }

    func decided(_ record: RecordID, _ field: FieldName, in audience: AudienceID) throws -> Value? {
        let row = try db.one(
            """
            SELECT f.value FROM fact f JOIN audience a ON a.id = f.audience
            WHERE f.record = ? AND f.field = ? AND a.name = ?
            """, [record.bytes.blob, field.name, audience.name])
        return try row.map { try Value(canonicalBytes: $0.bytes(0)) }
    }

    func origin(of record: RecordID, in audience: AudienceID) throws -> RecordOrigin? {
        guard let id = try audienceNumber(audience) else { return nil }
        let row = try db.one(
            "SELECT kind, parent, key, author FROM origin WHERE audience = ? AND record = ?",
            [id, record.bytes.blob])
        guard let row else { return nil }
        return RecordOrigin(
            kind: try row.kind(0), parent: try row.optionalRecord(1), key: try row.key(2),
            author: try row.optionalRecord(3))
    }

    func records(of kind: RecordKind, in audience: AudienceID) throws -> [RecordID] {
        guard let id = try audienceNumber(audience) else { return [] }
        return try db.all(
            "SELECT record FROM origin WHERE audience = ? AND kind = ? ORDER BY record", [id, kind.name]
        ).map { try $0.record(0) }
    }

    func holder(of field: FieldName, of record: RecordID, in audience: AudienceID) throws -> FactHolder? {
        guard let id = try audienceNumber(audience) else { return nil }
        let row = try db.one(
            """
            SELECT f.value, r.bits, f.number, f.position FROM fact f JOIN replica r ON r.id = f.replica
            WHERE f.record = ? AND f.field = ? AND f.audience = ?
            """, [record.bytes.blob, field.name, id])
        guard let row else { return nil }
        return FactHolder(
            value: try Value(canonicalBytes: row.bytes(0)),
            change: ChangeID(replica: ReplicaID(try row.id(1)), number: row.word(2)),
            position: Position(row.word(3)))
    }

    func position(of change: ChangeID, in audience: AudienceID) throws -> Position? {
        let row = try db.one(
            """
            SELECT v.position FROM verdict v JOIN replica r ON r.id = v.replica
            JOIN audience a ON a.id = v.audience
            WHERE r.bits = ? AND v.number = ? AND a.name = ? AND v.position IS NOT NULL
            """, [change.replica.bytes.blob, Int64(clamping: change.number), audience.name])
        return row.map { Position($0.word(0)) }
    }

    func textCheck(
        of field: FieldName, of record: RecordID, seenBy envelope: Envelope
    ) throws -> TextCheck {
        guard let audience = try audienceNumber(envelope.audience) else { return .empty }
        let base = Int64(clamping: envelope.base.position.value)
        let row = try db.one(
            """
            SELECT sum FROM textedit WHERE audience = ? AND record = ? AND field = ? AND position <= ?
            ORDER BY position DESC LIMIT 1
            """, [audience, record.bytes.blob, field.name, base])
        var check = TextCheck(row?.word(0) ?? 0)
        guard let replica = try replicaRow(envelope.id.replica) else { return check }
        let own = [(row: replica, through: envelope.base.own)] + (try ancestors(of: replica))
        for (row, through) in own {
            let edits = try db.all(
                """
                SELECT number FROM textedit WHERE audience = ? AND record = ? AND field = ? AND position > ?
                AND replica = ? AND number <= ?
                """,
                [
                    audience, record.bytes.blob, field.name, base, row.number,
                    Int64(clamping: min(through, envelope.base.own)),
                ])
            for edit in edits { check = check.adding(ChangeID(replica: row.id, number: edit.word(0))) }
        }
        return check
    }
}

/// Collects what a transaction touches. It may say too much (after a rollback), never too little.
final class TouchedFacts {
    private(set) var keys: Set<FactKey> = []
    /// Rises with every touch.
    private(set) var count = 0

    func insert(_ key: FactKey) {
        keys.insert(key)
        count += 1
    }
}

/// A replica as the tables know it.
struct ReplicaRow: Hashable {
    let number: Int64
    let id: ReplicaID
    let device: RecordID
    /// The replica that it goes on from; nil for nearly all.
    let continues: Int64?
    /// Up to which of that one's numbers; 0 without one. Its own are above.
    let through: UInt64
}

extension ServerLedger {
    /// The number of an audience that some change has named; nil for any other.
    func audienceNumber(_ audience: AudienceID) throws -> Int64? {
        try db.one("SELECT id FROM audience WHERE name = ?", [audience.name])?[0]
    }

    func replicaRow(_ replica: ReplicaID) throws -> ReplicaRow? {
        let row = try db.one(
            "SELECT id, device, continues, through FROM replica WHERE bits = ?", [replica.bytes.blob])
        return try row.map { row in
            ReplicaRow(
                number: row[0], id: replica, device: try row.record(1), continues: row[2],
                through: row.hasNull(atIndex: 3) ? 0 : row.word(3))
        }
    }

    /// Who writes with a device; nil when its roster record names nobody and it is not the server's.
    func author(_ device: RecordID) throws -> Admission.Author? {
        if let person = try rostered(device, Roster.devicePerson)?.record {
            return .person(person, device: device)
        }
        return try meta("device") == device.bytes ? .server : nil
    }

    func meta(_ name: String) throws -> [UInt8]? {
        try db.one("SELECT value FROM meta WHERE name = ?", [name])?.bytes(0)
    }

    func setMeta(_ name: String, _ bytes: [UInt8]) throws {
        try db.run(
            "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, bytes.blob])
    }
}

extension Row {
    func kind(_ column: Int) throws -> RecordKind {
        guard let kind = RecordKind(self[column] as String) else { throw damaged(column, "is no kind") }
        return kind
    }

    /// A natural key is kept as a list.
    fileprivate func key(_ column: Int) throws -> RecordKey? {
        guard let bytes = optionalBytes(column) else { return nil }
        guard let values = try ChangeLog.Value(canonicalBytes: bytes).list else {
            throw damaged(column, "is no key")
        }
        return RecordKey(values)
    }
}
