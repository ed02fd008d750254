public import TextCRDT

/// What a person wants changed in one audience, before it is recorded as a change.
///
/// It is atomic: recorded whole or not at all. Several drafts that belong to one action become the
/// changes of one group, in the order given.
public struct Draft: Hashable, Sendable {
    public var audience: AudienceID
    /// In the order in which they apply; none of them means that there is nothing to record.
    public var operations: [DraftOperation]

    public init(audience: AudienceID, operations: [DraftOperation]) {
        self.audience = audience
        self.operations = operations
    }
}

/// One step of a draft: an operation, or the wish to change a text.
///
/// A text operation needs the version that the view showed, and that version's check. Whoever drafts
/// does not hold them; whoever records does, and turns the wish into `Operation.edit`.
public enum DraftOperation: Hashable, Sendable {
    /// Recorded as it stands.
    case operation(Operation)
    /// The text shall read so: recorded as the difference with the text that the view showed.
    case text(RecordID, FieldName, String)
    /// These edits of the text that the view showed, as an editor noted them.
    case edits(RecordID, FieldName, [TextOperation])
}

extension DraftOperation {
    public var record: RecordID {
        switch self {
        case .operation(let operation): operation.record
        case .text(let record, _, _), .edits(let record, _, _): record
        }
    }

    /// nil for operations on the record itself.
    public var field: FieldName? {
        switch self {
        case .operation(let operation): operation.field
        case .text(_, let field, _), .edits(_, let field, _): field
        }
    }

    public static func == (left: DraftOperation, right: DraftOperation) -> Bool {
        switch (left, right) {
        case (.operation(let left), .operation(let right)): left == right
        case (.text(let record, let field, let text), .text(let other, let otherField, let otherText)):
            // By bytes: composed and decomposed letters are two texts.
            record == other && field == otherField && Array(text.utf8) == Array(otherText.utf8)
        case (.edits(let record, let field, let edits), .edits(let other, let otherField, let otherEdits)):
            record == other && field == otherField && edits == otherEdits
        default: false
        }
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(record)
        hasher.combine(field)
    }
}
