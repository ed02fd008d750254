public import ChangeLog

/// Rewrites a text; what is recorded is the difference with the text that the view shows.
public struct EditText: NominationCommand {
    public var record: RecordID
    public var field: String
    /// The whole text as it shall read.
    public var text: String

    public init(record: RecordID, field: String, text: String) {
        self.record = record
        self.field = field
        self.text = text
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edit = try FieldEdit(record, field, in: view)
        try edit.require([.text])
        return edit.drafted(.text(record, edit.schema.name, text))
    }
}
