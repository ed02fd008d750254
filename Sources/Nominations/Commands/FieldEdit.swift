import ChangeLog
import Merging
import MunicipalRegister

/// A field of a record that somebody wants to edit by hand.
struct FieldEdit {
    let record: MergedRecord
    let audience: AudienceID
    let kind: RecordKind
    let schema: FieldSchema

    /// Throws where the record or the field does not exist, or is not edited by hand.
    init(
        _ record: RecordID, _ field: String, in view: some NominationsReader
    ) throws(NominationError) {
        (self.record, audience) = try view.found(record)
        guard let kind = self.record.kind, let known = NominationSchema.schema[kind] else {
            throw NominationError(.kindUnknown)
        }
        guard let name = FieldName(field), let schema = known[name] else {
            let names = known.fields.filter(\.isEditable).map(\.name.name)
            throw NominationError(.fieldUnknown, suggestions: EditDistance.sorted(names, by: field))
        }
        guard schema.isEditable else { throw NominationError(.fieldNotEditable, [field]) }
        self.kind = kind
        self.schema = schema
    }

    /// Throws unless the field merges in one of these ways; `command` is the word for the right one.
    func require(_ policies: [MergePolicy]) throws(NominationError) {
        guard !policies.contains(schema.policy) else { return }
        let command =
            switch schema.policy {
            case .text: "text"
            case .set: "add, take"
            default: "set"
            }
        throw NominationError(.fieldOperation, [schema.name.name, command])
    }

    func drafted(_ operation: DraftOperation) -> Drafted {
        Drafted(
            record: record.id, kind: kind,
            drafts: [Draft(audience: audience, operations: [operation])])
    }

    /// Reads a value as typed; nothing at all stands for null, but in a text.
    func value(_ text: String, in view: some NominationsReader) throws(NominationError) -> Value {
        if !schema.choices.isEmpty, !text.isEmpty {
            guard schema.choices.contains(where: { Array($0.utf8) == Array(text.utf8) }) else {
                throw malformed(
                    text, schema.choices.joined(separator: ", "),
                    suggestions: EditDistance.sorted(schema.choices, by: text))
            }
            return .text(text)
        }
        if schema.type == .text { return .text(text) }
        if text.isEmpty { return .null }
        switch schema.type {
        case .integer:
            if let number = Int64(text) { return .integer(number) }
            throw malformed(text, "12, -3")
        case .boolean:
            if let truth = Self.truths[text.lowercased()] { return .boolean(truth) }
            throw malformed(text, "true, false")
        case .date:
            if let day = CivilDate(iso: text) { return .day(day) }
            throw malformed(text, "2017-06-01")
        case .instant:
            let isEnd = schema.name == EditionField.closes
            if let moment = AmsterdamTime.instant(text, isEnd: isEnd) { return .instant(moment) }
            throw malformed(text, "2017-06-01, 2017-06-01T12:00, 2017-06-01T10:00:00Z")
        case .record: return .record(try recordValue(text, view))
        case .text, .bytes, .list: throw NominationError(.fieldNotEditable, [schema.name.name])
        }
    }

    private static let truths = [
        "true": true, "yes": true, "ja": true, "1": true, "false": false, "no": false, "nee": false,
        "0": false,
    ]

    /// A record by its id, a criterion also by its name.
    private func recordValue(
        _ text: String, _ view: some NominationsReader
    ) throws(NominationError) -> RecordID {
        if let record = RecordID(hex: text) { return record }
        guard schema.name == ExampleField.criteria else {
            throw malformed(text, "r0123456789abcdef0123456789abcdef")
        }
        let edition = try view.read { () throws -> RecordID? in
            if kind == .annotation {
                let target = record[AnnotationField.target]?.value.flatMap { AnnotationTarget($0) }
                return try target.flatMap { try view.subject(of: $0)?.edition }
            }
            return try view.nomination(of: record, in: audience)?.nominationKey?.edition
        }
        guard let edition else { throw NominationError(.editionUnknown) }
        return try view.criteria([text], of: edition)[0]
    }

    private func malformed(
        _ text: String, _ example: String, suggestions: [String] = []
    ) -> NominationError {
        NominationError(
            .valueMalformed, [text, schema.name.name, example], suggestions: suggestions)
    }
}
