public import ChangeLog

/// A record by what an administrator may call it: its id, the first 6 or more characters of it, or its
/// name where that is unambiguous.
public struct NamedRecord: Hashable, Sendable {
    public let record: RecordID
    public let name: String

    public init(record: RecordID, name: String) {
        self.record = record
        self.name = name
    }

    static let shortestPrefix = 6

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
            .recordAmbiguous, text, suggestions: found.map { "\($0.record) \($0.name)" })
    }

    private static func matches(_ text: String, in candidates: [NamedRecord]) -> [NamedRecord] {
        let bytes = Array(text.lowercased().utf8)
        if bytes.count >= shortestPrefix {
            let byID = candidates.filter { $0.record.description.utf8.starts(with: bytes) }
            if !byID.isEmpty { return byID }
        }
        let exact = candidates.filter { Array($0.name.utf8) == Array(text.utf8) }
        if !exact.isEmpty { return exact }
        // People type names without capitals, and with or without composed letters.
        return candidates.filter { $0.name.lowercased() == text.lowercased() }
    }
}
