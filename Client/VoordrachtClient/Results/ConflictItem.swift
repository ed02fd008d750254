import ChangeLog
import Merging
import Nominations
import OfflineReplica

/// A conflict that is to be settled.
public struct ConflictItem: Hashable, Sendable, Documented {
    /// One side of it.
    public struct Candidate: Hashable, Sendable, Documented {
        /// `c1`, `c2`, … in an order that is the same on all replicas.
        public let id: String
        public let change: ChangeID
        /// `write`, `resolution`, `edit`, `removal`, `creation` or `restoration`.
        public let role: String
        /// nil for a removal and what stands against one.
        public let value: Value?
        public let author: ChangeAuthor
        /// Milliseconds since 1970 UTC.
        public let time: Int64
        /// nil while it is pending, and in a submission.
        public let position: Position?

        public var json: JSON {
            [
                "id": .string(id), "value": value?.json ?? .null, "person": author.personJSON,
                "personName": JSON(author.personName), "device": author.deviceJSON,
                "time": JSON(milliseconds: time), "position": JSON(position), "role": .string(role),
                "change": change.json,
            ]
        }
    }

    /// The same on all replicas.
    public let id: String
    public let record: RecordID
    /// What people call the record; empty where this replica does not know.
    public let title: String
    /// nil where the record's own existence is disputed.
    public let field: String?
    /// `value`, `removed`, `text` or `resolution`.
    public let kind: String
    public let base: Value?
    /// The id of the candidate that is shown meanwhile.
    public let shown: String?
    public let rule: String
    /// Who was asked to settle it.
    public let assignee: RecordID?
    public let assigneeName: String?
    public let candidates: [Candidate]
    /// Where it stands, or where the submission stands that lists it.
    public let audience: AudienceID
    /// Whether this replica knows of it by a submission only, and cannot settle it.
    public let isSubmitted: Bool

    public var json: JSON {
        [
            "id": .string(id), "record": .string(Reference.text(record)), "title": .string(title),
            "field": JSON(field), "kind": .string(kind), "base": base?.json ?? .null, "shown": JSON(shown),
            "rule": .string(rule), "assignee": JSON(assignee.map { Reference.text(person: $0) }),
            "assigneeName": JSON(assigneeName), "candidates": JSON(candidates),
            "audience": .string(audience.name),
            "submitted": .bool(isSubmitted),
        ]
    }
}

/// The open conflicts that a replica sees.
public struct ConflictList: Hashable, Sendable, Documented {
    public let conflicts: [ConflictItem]

    public var json: JSON { ["conflicts": JSON(conflicts)] }
}

extension ConflictItem {
    init(_ found: RecordConflict, assignee: RecordID?, in view: ReplicaView) throws {
        let conflict = found.conflict
        id = conflict.id
        record = conflict.record
        title = try view.reader.summary(of: conflict.record, in: found.audience)?.title ?? ""
        field = conflict.field?.name
        kind = conflict.kind.rawValue
        base = conflict.base
        rule = conflict.rule.rawValue
        self.assignee = assignee
        assigneeName = try assignee.flatMap { try view.reader.name(ofPerson: $0) }
        candidates = try conflict.candidates.enumerated().map { index, candidate in
            Candidate(
                id: "c\(index + 1)", change: candidate.change, role: candidate.role.rawValue,
                value: candidate.value, author: try ChangeAuthor(of: candidate.change.replica, in: view),
                time: candidate.time.milliseconds, position: candidate.position)
        }
        shown = candidates.first { $0.change == conflict.shown }?.id
        audience = found.audience
        isSubmitted = false
    }

    init(
        _ conflict: SubmittedConflict, of submission: SubmissionRecord, audience: AudienceID,
        assignee: RecordID?, in view: ReplicaView
    ) throws {
        id = conflict.id
        record = conflict.record
        let example = submission.content.examples.first { $0.record == conflict.record }
        title =
            example?[ExampleField.title]?.text
            ?? submission.content[NominationField.nomineeName]?.text ?? ""
        field = conflict.field?.name
        kind = conflict.kind
        base = nil
        rule = conflict.rule
        self.assignee = assignee
        assigneeName = try assignee.flatMap { try view.reader.name(ofPerson: $0) }
        candidates = try conflict.candidates.enumerated().map { index, candidate in
            Candidate(
                id: "c\(index + 1)", change: candidate.change, role: candidate.role,
                value: candidate.value, author: try ChangeAuthor(of: candidate.change.replica, in: view),
                time: candidate.time.milliseconds, position: nil)
        }
        shown = candidates.first { $0.change == conflict.shown }?.id
        self.audience = audience
        isSubmitted = true
    }
}
