import ChangeLog
import GRDB

/// A change that is about to get a position.
struct AcceptedChange {
    let change: Change
    let author: Admission.Author
    let position: Position
    let effective: HybridTime
    /// First receipt, milliseconds since 1970 UTC.
    let received: Int64
    let hash: ChangeHash
    let replica: Int64
    let audience: Int64
    /// `change.canonicalBytes`, as stored.
    let bytes: [UInt8]
}

extension ServerLedger {
    /// Puts a change in the order, and lets its decided facts, records and texts be known.
    func accept(_ accepted: AcceptedChange) throws {
        let position = accepted.position.value.pattern
        try db.run(
            "INSERT INTO change VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                position, accepted.audience, accepted.replica, accepted.change.id.number.pattern,
                accepted.received, accepted.effective.value.pattern, accepted.hash.bytes.blob,
                accepted.bytes.blob,
            ])
        try db.run(
            "UPDATE audience SET first = ? WHERE id = ? AND first IS NULL", [position, accepted.audience])
        var edited: [TextPlace] = []
        for operation in accepted.change.operations {
            switch operation {
            case .create(let record, let kind, let parent, let key):
                let origin = RecordOrigin(
                    kind: kind, parent: parent, key: key, author: accepted.author.person)
                try insert(origin, of: record, accepted)
            case .write(let record, let field, .decided, let value),
                .resolve(let record, let field, .decided, .value(let value), _):
                try set(field, of: record, to: value, accepted)
            case .resolve(let record, let field, .decided, .keep, _):
                let audience = accepted.change.envelope.audience
                if let holder = try holder(of: field, of: record, in: audience) {
                    try set(field, of: record, to: holder.value, accepted)
                }
            case .edit(let record, let field, _, _):
                let place = TextPlace(record: record, field: field)
                if !edited.contains(place) {
                    edited.append(place)
                    try addEdit(of: place, accepted)
                }
            default: break
            }
        }
    }

    private struct TextPlace: Hashable {
        let record: RecordID
        let field: FieldName
    }

    private func insert(_ origin: RecordOrigin, of record: RecordID, _ accepted: AcceptedChange) throws {
        // Created again, it takes a removal back; where it comes from was told by the first.
        try db.run(
            "INSERT OR IGNORE INTO origin VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                accepted.audience, record.bytes.blob, origin.kind.name, origin.parent?.bytes.blob,
                origin.key.map { Value.list($0.values).canonicalBytes.blob },
                origin.author?.bytes.blob, accepted.position.value.pattern,
            ])
        guard db.changesCount > 0 else { return }
        let audience = accepted.change.envelope.audience
        touched.insert(.origin(record, audience))
        touched.insert(.records(origin.kind, audience))
    }

    private func set(
        _ field: FieldName, of record: RecordID, to value: Value, _ accepted: AcceptedChange
    ) throws {
        try db.run(
            """
            INSERT INTO fact VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (record, field, audience)
            DO UPDATE SET value = excluded.value, replica = excluded.replica, number = excluded.number,
            position = excluded.position
            """,
            [
                record.bytes.blob, field.name, accepted.audience, value.canonicalBytes.blob,
                accepted.replica, accepted.change.id.number.pattern, accepted.position.value.pattern,
            ])
        touched.insert(.decided(record, field, accepted.change.envelope.audience))
    }

    private func addEdit(of place: TextPlace, _ accepted: AcceptedChange) throws {
        let row = try db.one(
            """
            SELECT sum FROM textedit WHERE audience = ? AND record = ? AND field = ?
            ORDER BY position DESC LIMIT 1
            """, [accepted.audience, place.record.bytes.blob, place.field.name])
        let sum = TextCheck(row?.word(0) ?? 0).adding(accepted.change.id)
        try db.run(
            "INSERT INTO textedit VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                accepted.audience, place.record.bytes.blob, place.field.name,
                accepted.position.value.pattern, accepted.replica, accepted.change.id.number.pattern,
                sum.value.pattern,
            ])
    }
}

extension Admission.Author {
    /// nil for the server.
    var person: RecordID? {
        if case .person(let person, _) = self { person } else { nil }
    }
}
