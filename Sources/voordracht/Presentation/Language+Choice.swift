import VoordrachtClient

extension Language {
    /// Picks the sentence of this language.
    func callAsFunction(_ dutch: String, _ english: String) -> String {
        self == .dutch ? dutch : english
    }

    /// `1 change`, `2 changes`.
    func count(_ number: Int, _ dutch: (one: String, more: String), _ english: (one: String, more: String))
        -> String
    {
        let words = self == .dutch ? dutch : english
        return "\(number) \(number == 1 ? words.one : words.more)"
    }

    func openConflicts(_ number: Int) -> String {
        count(number, ("open conflict", "open conflicten"), ("open conflict", "open conflicts"))
    }

    /// A length of time in its largest unit that fits twice, such as `730 days`.
    func span(milliseconds: Int64) -> String {
        let minutes = Int(milliseconds / 60_000)
        if minutes >= 2 * 1440 { return count(minutes / 1440, ("dag", "dagen"), ("day", "days")) }
        if minutes >= 2 * 60 { return count(minutes / 60, ("uur", "uur"), ("hour", "hours")) }
        return count(minutes, ("minuut", "minuten"), ("minute", "minutes"))
    }

    func records(_ number: Int) -> String { count(number, ("record", "records"), ("record", "records")) }

    func revisions(_ number: Int) -> String {
        count(number, ("herziening", "herzieningen"), ("revision", "revisions"))
    }

    func changes(_ number: Int) -> String {
        count(number, ("wijziging", "wijzigingen"), ("change", "changes"))
    }
}
