public import ChangeLog

/// Takes a value out of a set.
public struct TakeFromSet: NominationCommand {
    public var record: RecordID
    public var field: String
    /// As typed: read by the type of the field.
    public var value: String

    public init(record: RecordID, field: String, value: String) {
        self.record = record
        self.field = field
        self.value = value
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edit = try FieldEdit(record, field, in: view)
        try edit.require([.set])
        let value = try edit.value(value, in: view)
        return edit.drafted(.operation(.take(record, edit.schema.name, value)))
    }
}
