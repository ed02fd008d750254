public import ChangeLog
import Nominations

/// What the face of the library itself cannot do.
public struct FaceError: CodedError, Sendable {
    /// What it cannot do, for programs; a raw value never changes its meaning.
    public enum Code: String, Hashable, Sendable, CaseIterable {
        case recordUnknown = "record.unknown"
        case recordAmbiguous = "record.ambiguous"
        case fieldUnknown = "field.unknown"
        case kindUnknown = "kind.unknown"
        case personUnknown = "person.unknown"
        case personAmbiguous = "person.ambiguous"
        case conflictUnknown = "conflict.unknown"
        case conflictAmbiguous = "conflict.ambiguous"
        case trayUnknown = "tray.unknown"
        case trayNothing = "tray.nothing"
        case viewMalformed = "view.malformed"
        case wholeNumber = "number.malformed"
        case dateMalformed = "date.malformed"
        case regionKindUnknown = "region.kindUnknown"
        case fileMissing = "file.missing"
        case fileUnreadable = "file.unreadable"
        case fileText = "file.text"
        case fileUnwritable = "file.unwritable"
        case fileTaken = "file.taken"
        case bundleTooLong = "file.tooLong"
        case textTooLarge = "text.tooLarge"
        case cursorMalformed = "cursor.malformed"
        case unexpected = "unexpected"
    }

    public let code: Code
    /// What the wording speaks of.
    public let arguments: [String]
    public let suggestions: [String]

    public init(_ code: Code, _ arguments: [String] = [], suggestions: [String] = []) {
        self.code = code
        self.arguments = arguments
        self.suggestions = suggestions
    }

    public var message: String { Failure(self, .english).message }
    public var remedy: String { Failure(self, .english).remedy }
}
