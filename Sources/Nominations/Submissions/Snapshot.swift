public import ChangeLog
import Merging

/// The merged state of a nomination's draft at one moment, as it would be submitted.
public struct Snapshot: Sendable {
    public let content: SubmissionContent
    /// Whose edits it holds, by id.
    public let contributors: [RecordID]
    /// Whether merged draft state is to be submitted by itself.
    public let isAutomatic: Bool

    /// Fields that steer the program and are nobody's to read.
    private static let withheld: [FieldName] = [NominationField.autoSubmit]

    /// nil where there is no such nomination, or it was removed. Throws what reading throws.
    public init?(of nomination: RecordID, in audience: AudienceID, _ view: some NominationsReader) throws {
        guard let merged = try view.merged(nomination, in: audience), merged.isVisible,
            let key = merged.nominationKey
        else { return nil }
        let examples = try view.visible(.example, in: audience)
            .filter { $0.parent == nomination }
            .sorted { $0.id < $1.id }
        let records = [merged] + examples
        content = SubmissionContent(
            key: key, fields: Self.fields(of: merged),
            examples: examples.map { SubmissionContent.Example(record: $0.id, fields: Self.fields(of: $0)) },
            conflicts: records.flatMap(\.conflicts)
                .filter { conflict in !(conflict.field.map { Self.withheld.contains($0) } ?? false) }
                .map(SubmittedConflict.init)
                .sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) })
        contributors = try Self.authors(of: records, view)
        isAutomatic = merged[NominationField.autoSubmit]?.value?.boolean ?? true
    }

    /// What is shown, without how it came about; of two policies under one name the first.
    private static func fields(of record: MergedRecord) -> [SubmissionContent.Field] {
        var fields: [SubmissionContent.Field] = []
        for field in record.fields where !withheld.contains(field.name) && fields.last?.name != field.name {
            guard let value = field.value else { continue }
            fields.append(SubmissionContent.Field(field.name, value))
        }
        return fields
    }

    private static func authors(of records: [MergedRecord], _ view: some NominationsReader) throws
        -> [RecordID]
    {
        var replicas: Set<ReplicaID> = []
        for record in records {
            for event in record.history + record.fields.flatMap(\.history) {
                replicas.insert(event.change.replica)
            }
        }
        let people = try replicas.compactMap { try view.person(of: $0) }
        return Set(people).sorted()
    }
}

extension SubmittedConflict {
    init(_ conflict: Conflict) {
        self.init(
            id: conflict.id, record: conflict.record, field: conflict.field, kind: conflict.kind.rawValue,
            rule: conflict.rule.rawValue, shown: conflict.shown,
            candidates: conflict.candidates.map { candidate in
                Candidate(
                    change: candidate.change, role: candidate.role.rawValue, value: candidate.value,
                    time: candidate.time)
            })
    }
}
