public import ChangeLog

/// Sets a field that is written whole.
public struct SetField: NominationCommand {
    public var record: RecordID
    public var field: String
    /// As typed: read by the type of the field; empty for nothing.
    public var value: String

    public init(record: RecordID, field: String, value: String) {
        self.record = record
        self.field = field
        self.value = value
    }

    /// Writes also what is shown already: in a conflict that is a choice.
    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edit = try FieldEdit(record, field, in: view)
        guard let policy = edit.schema.policy.writePolicy else {
            try edit.require([.register])
            return Drafted(record: record, kind: edit.kind, drafts: [])
        }
        let value = try edit.value(value, in: view)
        return edit.drafted(.operation(.write(record, edit.schema.name, policy, value)))
    }
}
