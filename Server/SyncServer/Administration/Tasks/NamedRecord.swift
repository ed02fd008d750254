public import ChangeLog

/// A record by what an administrator may call it: its id or the first 6 or more digits of it, with or
/// without the letter, or its name where that is unambiguous.
public struct NamedRecord: Hashable, Sendable {
    public let record: RecordID
    public let name: String
    /// People are written with a letter of their own.
    public let isPerson: Bool

    public init(record: RecordID, name: String, isPerson: Bool = false) {
        self.record = record
        self.name = name
        self.isPerson = isPerson
    }

    /// The id as it is printed.
    var text: String { isPerson ? Reference.text(person: record) : Reference.text(record) }

    /// The only one that `text` means.
    ///
    /// - Throws: `record.unknown`, or `record.ambiguous` with the candidates as suggestions.
    public static func find(_ text: String, in candidates: [NamedRecord]) throws(AdministrationError)
        -> RecordID
    {
        let found = matches(text, in: candidates)
        if found.count == 1 { return found[0].record }
        if found.isEmpty { throw AdministrationError(.recordUnknown, text) }
        throw AdministrationError(
            .recordAmbiguous, text, suggestions: found.map { "\($0.text) \($0.name)" })
    }

    private static func matches(_ text: String, in candidates: [NamedRecord]) -> [NamedRecord] {
        if let digits = Reference.digits(text) {
            let byID = candidates.filter { $0.record.description.utf8.starts(with: digits.utf8) }
            if !byID.isEmpty { return byID }
        }
        let exact = candidates.filter { Array($0.name.utf8) == Array(text.utf8) }
        if !exact.isEmpty { return exact }
        // People type names without capitals, and with or without composed letters.
        return candidates.filter { $0.name.lowercased() == text.lowercased() }
    }
}
