import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import OfflineReplica

/// The whole story of a field: the answer to "why this value?".
public struct FieldStory: Hashable, Sendable, Documented {
    /// One operation on it.
    public struct Event: Hashable, Sendable, Documented {
        public let change: ChangeID
        public let author: ChangeAuthor
        /// Milliseconds since 1970 UTC; effective once accepted.
        public let time: Int64
        /// nil while it is pending.
        public let position: Position?
        /// `write`, `resolve`, `insert`, `take`, `edit`, `accept`, `create`, `remove` or `restore`.
        public let action: String
        /// What it wrote; of an edit of a text, the words that it put in.
        public let value: Value?
        /// `shown`, `candidate`, `superseded`, `removed` or `ignored`.
        public let outcome: String
        /// The people whom the value names.
        public let people: Set<RecordID>

        public var json: JSON {
            [
                "change": change.json, "person": author.personJSON, "personName": JSON(author.personName),
                "device": author.deviceJSON, "time": JSON(milliseconds: time), "position": JSON(position),
                "action": .string(action), "value": value?.json(people) ?? .null, "outcome": .string(outcome),
            ]
        }
    }

    public let record: RecordID
    /// The name of the field; `-` for the record itself.
    public let field: String
    public let value: Value?
    /// The people whom the value names.
    public let people: Set<RecordID>
    /// The code of the rule that chose what is shown.
    public let rule: String
    public let conflicts: [String]
    /// By position, what is pending last.
    public let history: [Event]

    public var json: JSON {
        [
            "record": .string(Reference.text(record)), "field": .string(field),
            "value": value?.json(people) ?? .null, "rule": .string(rule), "conflicts": JSON(conflicts),
            "history": JSON(history),
        ]
    }
}

extension Voordracht {
    /// Why a field shows what it shows; `-` asks about the record itself.
    ///
    /// - Throws: `FaceError` `recordUnknown` or `fieldUnknown`.
    public func story(of field: String, in record: RecordID) async throws -> FieldStory {
        try await read { view in
            guard let audience = try view.audience(of: record),
                let merged = try view.merged(record, in: audience)
            else { throw FaceError(.recordUnknown, [Reference.text(record)]) }
            let events: [FieldEvent]
            if field == "-" {
                events = merged.history
            } else {
                events = try Self.field(field, of: merged)?.history ?? []
            }
            let found = FieldName(field).flatMap { merged[$0] }
            let conflicts = field == "-" ? [merged.conflict].compactMap { $0 } : found?.conflicts ?? []
            let written = try view.writtenTexts(field, of: record, in: events)
            return FieldStory(
                record: record, field: field, value: field == "-" ? nil : found?.value,
                people: try view.people(in: [found?.value].compactMap { $0 }),
                rule: conflicts.first?.rule.rawValue ?? found?.policy.rule ?? MergePolicy.register.rule,
                conflicts: conflicts.map(\.id),
                history: try events.map { try FieldStory.Event($0, written[$0.change], in: view) })
        }
    }

    /// nil for a field of the kind that nobody wrote yet.
    private static func field(_ name: String, of merged: MergedRecord) throws -> MergedField? {
        let known = merged.kind.flatMap { NominationSchema.schema[$0]?.fields.map(\.name) } ?? []
        guard let field = FieldName(name), merged[field] != nil || known.contains(field) else {
            throw FaceError(
                .fieldUnknown, [name], suggestions: EditDistance.sorted(known.map(\.name), by: name))
        }
        return merged[field]
    }
}

extension FieldStory.Event {
    init(_ event: FieldEvent, _ written: String?, in view: ReplicaView) throws {
        change = event.change
        author = try ChangeAuthor(of: event.change.replica, in: view)
        time = event.time.milliseconds
        position = event.position
        action = event.action.rawValue
        value = event.value ?? (event.action == .edit ? written.map { .text($0) } : nil)
        outcome = event.outcome.rawValue
        people = try view.people(in: [value].compactMap { $0 })
    }
}

extension ReplicaView {
    /// The words that edits of a text put in, by change; several passages on lines of their own.
    fileprivate func writtenTexts(
        _ field: String, of record: RecordID, in events: [FieldEvent]
    ) throws -> [ChangeID: String] {
        guard events.contains(where: { $0.action == .edit }), let name = FieldName(field) else { return [:] }
        var texts: [ChangeID: String] = [:]
        for logged in try reader.log(of: record, limit: .max) {
            let edits = (logged.change?.operations ?? [])
                .filter { $0.record == record && $0.field == name }
                .flatMap(\.writtenEdits)
            texts[logged.envelope.id] = edits.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n")
        }
        return texts
    }
}

extension MergePolicy {
    /// What decides in this policy when nothing is disputed.
    fileprivate var rule: String {
        switch self {
        case .register, .quiet: "latest"
        case .set: "union"
        case .text: "merged"
        case .immutable: "lowest-position"
        case .appendOnly: "position"
        case .decided: "highest-position"
        }
    }
}
