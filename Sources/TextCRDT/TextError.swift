/// Why an event or a version was not understood.
///
/// Two errors are equal when their codes are: the sentences are for people.
public struct TextError: Error, Equatable {
    /// What kind of error it is.
    public enum Code: Hashable, Sendable {
        /// The event is in the history already.
        case duplicateEvent
        /// A parent, or a head of the version asked for, is not in the history.
        case unknownEvent
        /// An operation reaches outside the text that it was made on.
        case outOfRange
        /// An operation inserts no text, or deletes no scalars or a negative number of them.
        case emptyOperation
        /// The text would become longer than `TextHistory.maximumLength`.
        case tooLong
        /// The agent has made an edit with the last number that there is.
        case numbersUsedUp
        /// The bytes are no text, or were damaged.
        case malformed
        /// The bytes are of a newer version of their form.
        case unsupported
    }

    /// The kind, for programs.
    public let code: Code
    /// What went wrong.
    public let message: String
    /// What can be done about it.
    public let remedy: String
    /// The error behind this one, if another part raised it.
    public let cause: (any Error)?

    init(_ code: Code, _ message: String, remedy: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.cause = cause
    }

    public static func == (lhs: TextError, rhs: TextError) -> Bool {
        lhs.code == rhs.code
    }
}
