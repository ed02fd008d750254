import ChangeLog

/// Writes the operations on one record, each under the policy that the schema gives its field.
struct RecordDraft {
    let record: RecordID
    let kind: RecordKind
    private(set) var operations: [DraftOperation] = []

    init(_ record: RecordID, _ kind: RecordKind) {
        self.record = record
        self.kind = kind
    }

    mutating func create(in parent: RecordID? = nil, key: RecordKey? = nil) {
        append(.create(record, kind: kind, parent: parent, key: key))
    }

    mutating func append(_ operation: Operation) { operations.append(.operation(operation)) }

    /// Sets a field; nil leaves it alone. A set takes the values of a list in, a text is rewritten.
    mutating func set(_ field: FieldName, _ value: Value?) {
        guard let value else { return }
        guard let schema = NominationSchema.schema[kind]?[field] else {
            preconditionFailure("the schema has no \(kind).\(field)")
        }
        switch schema.policy {
        case .text: operations.append(.text(record, field, value.text ?? ""))
        case .set: for element in value.list ?? [] { append(.insert(record, field, element)) }
        default:
            guard let policy = schema.policy.writePolicy else { return }
            append(.write(record, field, policy, value))
        }
    }
}
