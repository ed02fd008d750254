public import ChangeLog

extension Draft {
    public init(_ audience: AudienceID, _ operations: [DraftOperation]) {
        self.init(audience: audience, operations: operations)
    }

    /// A draft whose operations are recorded as they stand.
    public init(_ audience: AudienceID, operations: [Operation]) {
        self.init(audience: audience, operations: operations.map { .operation($0) })
    }
}
