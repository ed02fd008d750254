public import ChangeLog
import MunicipalRegister

// The form of a submission's content, version 1: lists in lists. Whatever may be absent stands in a
// list of none or one, so that null stays a value.
//
// | list | items |
// |---|---|
// | content | integer 1, edition, organisation, text nominee, [field], [example], [conflict] |
// | field | text name, value |
// | example | record, [field] |
// | conflict | text id, record, [text field], text kind, text rule, shown, [candidate] |
// | shown, change | bytes replica, integer number by bit pattern |
// | candidate | change, text role, [value], integer time by bit pattern |

extension SubmissionContent {
    private static let version: Int64 = 1

    public var value: Value {
        .list([
            .integer(Self.version), .record(key.edition), .record(key.organisation), .text(key.nominee.text),
            .list(fields.map(\.listed)), .list(examples.map(\.listed)), .list(conflicts.map(\.listed)),
        ])
    }

    /// nil for a value of another shape; any value is safe.
    public init?(_ value: Value) {
        guard let parts = value.list, parts.count == 7, parts[0].integer == Self.version,
            let edition = parts[1].record, let organisation = parts[2].record,
            let text = parts[3].text, let nominee = NomineeID(text: text),
            let fields = parts[4].items(Field.init(listed:)),
            let examples = parts[5].items(Example.init(listed:)),
            let conflicts = parts[6].items(SubmittedConflict.init(listed:))
        else { return nil }
        self.init(
            key: NominationKey(edition: edition, organisation: organisation, nominee: nominee),
            fields: fields, examples: examples, conflicts: conflicts)
    }
}

extension SubmissionContent.Field {
    fileprivate var listed: Value { .list([.text(name.name), value]) }

    fileprivate init?(listed: Value) {
        guard let parts = listed.list, parts.count == 2, let text = parts[0].text, let name = FieldName(text)
        else { return nil }
        self.init(name, parts[1])
    }
}

extension SubmissionContent.Example {
    fileprivate var listed: Value { .list([.record(record), .list(fields.map(\.listed))]) }

    fileprivate init?(listed: Value) {
        guard let parts = listed.list, parts.count == 2, let record = parts[0].record,
            let fields = parts[1].items(SubmissionContent.Field.init(listed:))
        else { return nil }
        self.init(record: record, fields: fields)
    }
}

extension SubmittedConflict {
    fileprivate var listed: Value {
        .list([
            .text(id), .record(record), .optional(field.map { .text($0.name) }), .text(kind), .text(rule),
            shown.listed, .list(candidates.map(\.listed)),
        ])
    }

    fileprivate init?(listed: Value) {
        guard let parts = listed.list, parts.count == 7, let id = parts[0].text, let record = parts[1].record,
            let field = parts[2].items({ $0.text.flatMap { FieldName($0) } }), field.count <= 1,
            let kind = parts[3].text, let rule = parts[4].text,
            let shown = ChangeID(listed: parts[5]), let candidates = parts[6].items(Candidate.init(listed:))
        else { return nil }
        self.init(
            id: id, record: record, field: field.first, kind: kind, rule: rule, shown: shown,
            candidates: candidates)
    }
}

extension SubmittedConflict.Candidate {
    fileprivate var listed: Value {
        .list([change.listed, .text(role), .optional(value), .integer(Int64(bitPattern: time.value))])
    }

    fileprivate init?(listed: Value) {
        guard let parts = listed.list, parts.count == 4, let change = ChangeID(listed: parts[0]),
            let role = parts[1].text, let value = parts[2].list, value.count <= 1,
            let time = parts[3].integer
        else { return nil }
        self.init(change: change, role: role, value: value.first, time: HybridTime(UInt64(bitPattern: time)))
    }
}

extension ChangeID {
    fileprivate var listed: Value {
        .list([.bytes(replica.bytes), .integer(Int64(bitPattern: number))])
    }

    fileprivate init?(listed: Value) {
        guard let parts = listed.list, parts.count == 2, case .bytes(let bytes) = parts[0],
            let bits = Identifier128(bytes: bytes), let number = parts[1].integer, number != 0
        else { return nil }
        self.init(replica: ReplicaID(bits), number: UInt64(bitPattern: number))
    }
}

extension Value {
    fileprivate static func optional(_ value: Value?) -> Value { .list(value.map { [$0] } ?? []) }

    /// The items of a list, all of which must be readable.
    fileprivate func items<Item>(_ read: (Value) -> Item?) -> [Item]? {
        guard let list else { return nil }
        var items: [Item] = []
        for value in list {
            guard let item = read(value) else { return nil }
            items.append(item)
        }
        return items
    }
}
