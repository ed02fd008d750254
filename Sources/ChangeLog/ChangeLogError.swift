/// Why bytes are no change, or a change may not stand.
public struct ChangeLogError: CodedError, Sendable {
    /// What is wrong with the bytes, for programs.
    public enum Code: String, Sendable, CaseIterable {
        /// The bytes end before the structure does.
        case truncated
        /// Bytes follow the end of the structure.
        case trailing
        /// A number, a name or an order that the format does not allow.
        case malformed
        /// Text that is not UTF-8.
        case notUTF8
        /// A version or an operation that this program does not know.
        case unsupported
        /// Beyond a limit.
        case tooLarge
    }

    public let code: Code
    public let message: String
    /// Offset in bytes from the beginning of what was decoded, where one is known.
    public let offset: Int?

    public init(_ code: Code, _ message: String, offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    public var remedy: String {
        switch code {
        case .unsupported: "Update the program that reads this."
        case .tooLarge: "Split the text or the change into smaller ones."
        default: "The sender has a fault or the bytes were damaged on the way; send them again."
        }
    }

    public var description: String {
        offset.map { "\(code.rawValue) at byte \($0): \(message)" } ?? "\(code.rawValue): \(message)"
    }
}
