import Nominations

/// Times as people in the Netherlands read them; scripts get UTC.
public enum WallClock {
    /// The clock in Amsterdam: `4 juni 2015, 14:05` in Dutch, `2015-06-04 14:05:09` in English. The editing
    /// commands take the English form with a `T`.
    ///
    /// - Parameters:
    ///   - milliseconds: since 1970 UTC.
    ///   - language: of the words.
    public static func text(_ milliseconds: Int64, _ language: Language = .english) -> String {
        let (local, overflow) = milliseconds.addingReportingOverflow(AmsterdamTime.offset(at: milliseconds))
        let iso = AmsterdamTime.iso(overflow ? milliseconds : local).dropLast()
        let parts = iso.split(separator: "T")
        guard language == .dutch else { return parts.joined(separator: " ") }
        // As ISO has them, hours and minutes are the first five letters.
        return "\(AmsterdamTime.day(of: milliseconds).text(.dutch)), \(parts[1].prefix(5))"
    }

    /// The same of a time in UTC as scripts read it; that text itself where it is none.
    public static func text(utc text: String, _ language: Language) -> String {
        AmsterdamTime.instant(text).map { Self.text($0, language) } ?? text
    }
}
