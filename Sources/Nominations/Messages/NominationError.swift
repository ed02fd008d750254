public import ChangeLog

/// Why a command of this domain does nothing.
public struct NominationError: CodedError, Sendable {
    public let code: MessageCode
    /// What the wording speaks of, in the order of its places.
    public let arguments: [String]
    /// What the person may have meant, the best first.
    public let suggestions: [String]
    /// What went wrong underneath, where something did.
    public let cause: (any Error)?

    public init(
        _ code: MessageCode, _ arguments: [String] = [], suggestions: [String] = [],
        cause: (any Error)? = nil
    ) {
        self.code = code
        self.arguments = arguments
        self.suggestions = suggestions
        self.cause = cause
    }

    /// The message and the remedy in a person's language.
    public func wording(_ language: Language) -> Wording { code.wording(language).filled(arguments) }

    public var message: String { wording(.english).message }
    public var remedy: String { wording(.english).remedy }
}
