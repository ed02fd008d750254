/// A number in the Dutch trade register: eight digits, without a check digit.
public struct KvKNumber: Hashable, Sendable, CustomStringConvertible {
    public let digits: String

    /// nil unless there are eight ASCII digits, between which spaces and full stops may stand.
    public init?(_ text: String) {
        let digits = text.utf8.filter { $0 != UInt8(ascii: " ") && $0 != UInt8(ascii: ".") }
        guard digits.count == 8, digits.allSatisfy({ (48...57).contains($0) }) else { return nil }
        self.digits = String(decoding: digits, as: UTF8.self)
    }

    public var description: String { digits }
}
