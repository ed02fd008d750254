/// A reason that a program can match and a person can understand.
public struct Reason: Error, Hashable, Sendable, CustomStringConvertible {
    /// Dotted words such as `text.version`; never changes its meaning.
    public let code: String
    /// What is wrong and where, in English; shown in the user's language by its code.
    public let message: String
    /// What to do about it, in English.
    public let remedy: String

    public init(code: String, message: String, remedy: String) {
        self.code = code
        self.message = message
        self.remedy = remedy
    }

    public var description: String { "\(code): \(message)" }
}
