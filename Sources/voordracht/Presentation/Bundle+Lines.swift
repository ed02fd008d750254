import VoordrachtClient

extension OutgoingBundle: Presentable {
    func lines(_ language: Language) -> [String] {
        let count = language.changes(changes.count)
        return [
            language(
                "\(count) in het bestand; alles blijft in de wachtrij tot een sync het antwoord brengt",
                "\(count) in the file; all stays queued until a sync brings the answer")
        ] + changes.map { "  " + $0.line(language) }
    }
}

extension DeliveredBundle: Presentable {
    func lines(_ language: Language) -> [String] {
        let counts = [
            (Phrase.accepted(language), accepted), (Phrase.held(language), held),
            (Phrase.state("waiting", language), waiting), (Phrase.refused(language), refused),
        ]
        let told = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
        return [language("afgeleverd bij de server: ", "delivered to the server: ") + told]
    }
}
