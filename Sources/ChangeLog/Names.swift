/// The name of a record kind: 1 to 64 bytes, a letter `a–z` and then letters, digits, `.`, `-`, `_`.
public struct RecordKind: Hashable, Comparable, Sendable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    public let name: String

    /// nil when the name breaks the rule above.
    public init?(_ name: String) {
        guard NameRule.allows(name) else { return nil }
        self.name = name
    }

    /// A literal that breaks the rule is a programmer's error, and so a trap.
    public init(stringLiteral name: StaticString) {
        precondition(NameRule.allows("\(name)"), "\(name) is no name of a record kind")
        self.name = "\(name)"
    }

    public var description: String { name }
    public static func < (left: Self, right: Self) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}

/// The name of a field of a record, under the rule of `RecordKind`.
public struct FieldName: Hashable, Comparable, Sendable, CustomStringConvertible,
    ExpressibleByStringLiteral
{
    public let name: String

    /// nil when the name breaks the rule.
    public init?(_ name: String) {
        guard NameRule.allows(name) else { return nil }
        self.name = name
    }

    /// A literal that breaks the rule is a programmer's error, and so a trap.
    public init(stringLiteral name: StaticString) {
        precondition(NameRule.allows("\(name)"), "\(name) is no name of a field")
        self.name = "\(name)"
    }

    public var description: String { name }
    public static func < (left: Self, right: Self) -> Bool {
        left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
    }
}

private enum NameRule {
    /// ASCII only, so that equality of strings is equality of bytes.
    static func allows(_ name: String) -> Bool {
        guard (1...Limits.nameBytes).contains(name.utf8.count), let first = name.utf8.first,
            isLetter(first, lowerOnly: true)
        else { return false }
        return name.utf8.allSatisfy { byte in
            isLetter(byte, lowerOnly: false) || (48...57).contains(byte)
                || byte == 45 || byte == 46 || byte == 95
        }
    }

    private static func isLetter(_ byte: UInt8, lowerOnly: Bool) -> Bool {
        (97...122).contains(byte) || (!lowerOnly && (65...90).contains(byte))
    }
}
