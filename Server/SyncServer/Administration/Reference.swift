public import ChangeLog

/// How ids are written for administrators and their scripts: a letter for what they name, and 32 digits,
/// as the client program writes them.
public enum Reference {
    /// `r` and the id.
    public static func text(_ record: RecordID) -> String { "r\(record)" }
    /// `p` and the id.
    public static func text(person: RecordID) -> String { "p\(person)" }

    /// Reads what `text` wrote; nil for anything less than the whole id.
    public static func record(_ text: String) -> RecordID? { digits(text).flatMap { RecordID(hex: $0) } }

    /// The fewest digits that name a record.
    static let shortestPrefix = 6

    /// The digits of an id or of its beginning, with or without the letter; nil for other words.
    ///
    /// At least 6 and at most 32 digits, in lower case.
    static func digits(_ text: String) -> String? {
        let lower = text.lowercased()
        let digits = lower.first == "r" || lower.first == "p" ? lower.dropFirst() : lower[...]
        guard (shortestPrefix...32).contains(digits.utf8.count), digits.utf8.allSatisfy(isDigit) else {
            return nil
        }
        return String(digits)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (48...57).contains(byte) || (97...102).contains(byte)
    }
}
