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

    func changes(_ number: Int) -> String {
        count(number, ("wijziging", "wijzigingen"), ("change", "changes"))
    }
}
