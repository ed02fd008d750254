public import ChangeLog

/// What a nomination holds at the moment of its submission: merged values without their history.
///
/// Built from the same merged state it is the same on every replica, byte for byte.
public struct SubmissionContent: Hashable, Sendable {
    /// A field and what it showed.
    public struct Field: Hashable, Sendable {
        public var name: FieldName
        public var value: Value

        public init(_ name: FieldName, _ value: Value) {
            self.name = name
            self.value = value
        }
    }

    /// An example and its fields.
    public struct Example: Hashable, Sendable {
        public var record: RecordID
        /// By name.
        public var fields: [Field]

        public init(record: RecordID, fields: [Field]) {
            self.record = record
            self.fields = fields
        }

        public subscript(field: FieldName) -> Value? { fields.first { $0.name == field }?.value }
    }

    public var key: NominationKey
    /// By name.
    public var fields: [Field]
    /// By record.
    public var examples: [Example]
    /// What the organisation has not settled yet, by id.
    public var conflicts: [SubmittedConflict]

    public init(
        key: NominationKey, fields: [Field], examples: [Example], conflicts: [SubmittedConflict]
    ) {
        self.key = key
        self.fields = fields
        self.examples = examples
        self.conflicts = conflicts
    }

    public subscript(field: FieldName) -> Value? { fields.first { $0.name == field }?.value }

    /// Whether both say the same; times may still change with a verdict, and do not count.
    public func says(theSameAs other: SubmissionContent) -> Bool { timeless == other.timeless }

    private var timeless: SubmissionContent {
        var content = self
        for conflict in content.conflicts.indices {
            for candidate in content.conflicts[conflict].candidates.indices {
                content.conflicts[conflict].candidates[candidate].time = HybridTime(0)
            }
            content.conflicts[conflict].candidates.sort { $0.change < $1.change }
        }
        return content
    }
}
