public import ChangeLog
public import Merging

/// A conflict as people and scripts read it; ids are the same on all replicas.
public struct ConflictView: Hashable, Sendable, Encodable {
    /// One side of it.
    public struct Candidate: Hashable, Sendable, Encodable {
        /// The change, as `replica:number`.
        public let id: String
        /// `write`, `resolution`, `edit`, `removal`, `creation` or `restoration`.
        public let role: String
        /// Null for a removal and what stands against one.
        @Nullable public var value: ShownValue?
        @Nullable public var person: String?
        public let name: String
        @Nullable public var device: String?
        /// ISO 8601.
        public let time: String
        @Nullable public var position: UInt64?
    }

    public let id: String
    public let record: String
    /// The nomination that it is part of, where it is part of one.
    @Nullable public var nomination: String?
    @Nullable public var organisation: NamedRecord?
    @Nullable public var field: String?
    /// `value`, `removed`, `text` or `resolution`.
    public let kind: String
    @Nullable public var base: ShownValue?
    public let shown: String
    public let rule: String
    @Nullable public var assignee: NamedRecord?
    public let candidates: [Candidate]
}

extension ConflictView {
    /// An open conflict on a record of the view. Throws what reading throws.
    public init(_ conflict: Conflict, in audience: AudienceID, _ view: some NominationsReader) throws {
        let merged = try view.merged(conflict.record, in: audience)
        let nomination = try merged.flatMap { try view.nomination(of: $0, in: audience) }
        let key = nomination?.nominationKey
        var assignee = try view.assignee(ofConflict: conflict.id, in: audience)
        if let key, assignee == nil {
            assignee = try view.assignee(ofConflict: conflict.id, in: key.audience(view.hash))
        }
        self.init(
            id: conflict.id, record: conflict.record.description, nomination: nomination?.id.description,
            organisation: try key.map { try view.named($0.organisation) }, field: conflict.field?.name,
            kind: conflict.kind.rawValue, base: conflict.base.map { ShownValue($0) },
            shown: conflict.shown.description, rule: conflict.rule.rawValue,
            assignee: try assignee.map { try view.named($0) },
            candidates: try conflict.candidates.map { candidate in
                try Candidate(
                    candidate.change, role: candidate.role.rawValue, candidate.value, candidate.time,
                    candidate.position, view)
            })
    }

    /// A conflict as a submission lists it.
    init(
        _ conflict: SubmittedConflict, of key: NominationKey, _ view: some NominationsReader
    ) throws {
        let assignee = try view.assignee(ofConflict: conflict.id, in: key.audience(view.hash))
        self.init(
            id: conflict.id, record: conflict.record.description,
            nomination: key.nomination(view.hash).description,
            organisation: try view.named(key.organisation), field: conflict.field?.name,
            kind: conflict.kind, base: nil, shown: conflict.shown.description, rule: conflict.rule,
            assignee: try assignee.map { try view.named($0) },
            candidates: try conflict.candidates.map { candidate in
                try Candidate(
                    candidate.change, role: candidate.role, candidate.value, candidate.time, nil, view)
            })
    }
}

extension ConflictView.Candidate {
    fileprivate init(
        _ change: ChangeID, role: String, _ value: Value?, _ time: HybridTime, _ position: Position?,
        _ view: some NominationsReader
    ) throws {
        let author = try view.author(change.replica)
        self.init(
            id: change.description, role: role, value: value.map { ShownValue($0) },
            person: author?.record, name: author?.name ?? "",
            device: try view.device(of: change.replica)?.description,
            time: AmsterdamTime.iso(time.milliseconds), position: position?.value)
    }
}
