/// An error that programs tell by a code, and people by a message.
public protocol CodedError: Error, Hashable, CustomStringConvertible {
    associatedtype Code: RawRepresentable<String> & Hashable

    var code: Code { get }
    /// What is wrong, in English.
    var message: String { get }
}

extension CodedError {
    public var description: String { "\(code.rawValue): \(message)" }

    /// Errors are equal when their codes are.
    public static func == (left: Self, right: Self) -> Bool { left.code == right.code }
    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}
