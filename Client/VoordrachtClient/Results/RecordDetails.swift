import ChangeLog
import Merging
import Nominations
import OfflineReplica

/// A record with all its fields.
public struct RecordDetails: Hashable, Sendable, Documented {
    /// A field as it is shown.
    public struct Field: Hashable, Sendable {
        public let name: String
        public let policy: MergePolicy
        /// nil where nothing was written.
        public let value: Value?
        /// `accepted`, `queued` or `conflict`.
        public let state: ItemState
        /// The ids of its open conflicts; more than one in texts only.
        public let conflicts: [String]
    }

    public let item: RecordItem
    /// Whether it was removed by common consent; a disputed record is not.
    public let isRemoved: Bool
    /// In the order of the schema, then by name.
    public let fields: [Field]
    /// About the removal of the record itself.
    public let conflict: String?
    /// What contains it.
    public let parent: RecordID?
    /// What it contains, by kind and title.
    public let children: [RecordItem]
    /// The people whom its fields name: their ids are written with another letter.
    public let people: Set<RecordID>

    public subscript(name: String) -> Field? {
        fields.first { Array($0.name.utf8) == Array(name.utf8) }
    }

    public var json: JSON {
        [
            "record": .string(Reference.text(item.record, kind: item.kind)), "kind": .string(item.kind.name),
            "audience": .string(item.audience.name), "removed": .bool(isRemoved),
            "title": .string(item.title), "state": .string(item.state.rawValue),
            "conflict": JSON(conflict), "parent": JSON(parent.map { Reference.text($0) }),
            "fields": .object(fields.map { JSON.Member($0.name, $0.json(people)) }),
            "children": JSON(children), "standing": JSON(item.standing),
            "year": item.year.map { JSON($0) } ?? .null,
        ]
    }

    /// - Throws: `FaceError.recordUnknown`.
    init(_ record: RecordID, in view: ReplicaView) throws {
        let reader = view.reader
        guard let audience = try view.audience(of: record),
            let summary = try reader.summary(of: record, in: audience),
            let merged = try view.merged(record, in: audience)
        else { throw FaceError(.recordUnknown, [Reference.text(record)]) }
        item = try RecordItem(summary, in: view)
        isRemoved = merged.presence == .removed
        fields = Self.fields(of: merged)
        people = try view.people(in: fields.compactMap(\.value))
        conflict = merged.conflict?.id
        parent = merged.parent
        children = try reader.summaries(in: audience, parent: record)
            .map { try RecordItem($0, in: view) }
            .sorted { ($0.kind, $0.title) < ($1.kind, $1.title) }
    }

    private static func fields(of merged: MergedRecord) -> [Field] {
        let known = merged.kind.flatMap { NominationSchema.schema[$0]?.fields } ?? []
        let declared = known.map { field in
            merged[field.name].map { Field($0) }
                ?? Field(
                    name: field.name.name, policy: field.policy, value: nil, state: .accepted, conflicts: [])
        }
        let others = merged.fields.filter { field in !known.contains { $0.name == field.name } }
        return declared + others.map { Field($0) }
    }
}

extension RecordDetails.Field {
    init(_ field: MergedField) {
        name = field.name.name
        policy = field.policy
        value = field.value
        state =
            switch field.state {
            case .settled: .accepted
            case .pending: .queued
            case .disputed: .conflict
            }
        conflicts = field.conflicts.map(\.id)
    }

    func json(_ people: Set<RecordID>) -> JSON {
        [
            "policy": .string(policy.rawValue), "value": value?.json(people) ?? .null,
            "state": .string(state.rawValue), "conflict": JSON(conflicts.first),
            "conflicts": JSON(conflicts),
        ]
    }
}

extension Voordracht {
    /// A record with all its fields, removed or not.
    public func details(of record: RecordID) async throws -> RecordDetails {
        try await read { try RecordDetails(record, in: $0) }
    }
}
