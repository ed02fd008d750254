public import ChangeLog

/// A conflict as it stood when a nomination was submitted.
///
/// What stood there before the conflict is left out: it may never have been meant for a reader
/// outside the organisation.
public struct SubmittedConflict: Hashable, Sendable {
    /// One of the edits that cannot both stand.
    public struct Candidate: Hashable, Sendable {
        public var change: ChangeID
        /// `write`, `resolution`, `edit`, `removal`, `creation` or `restoration`.
        public var role: String
        /// nil for a removal and what stands against one.
        public var value: Value?
        public var time: HybridTime

        public init(change: ChangeID, role: String, value: Value?, time: HybridTime) {
            self.change = change
            self.role = role
            self.value = value
            self.time = time
        }
    }

    /// The same on all replicas.
    public var id: String
    public var record: RecordID
    /// nil where the record's own existence is disputed.
    public var field: FieldName?
    /// `value`, `removed`, `text` or `resolution`.
    public var kind: String
    /// The code of the rule that chose what is shown.
    public var rule: String
    public var shown: ChangeID
    /// By time.
    public var candidates: [Candidate]

    public init(
        id: String, record: RecordID, field: FieldName?, kind: String, rule: String, shown: ChangeID,
        candidates: [Candidate]
    ) {
        self.id = id
        self.record = record
        self.field = field
        self.kind = kind
        self.rule = rule
        self.shown = shown
        self.candidates = candidates
    }
}
