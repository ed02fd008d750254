import VoordrachtClient

extension WitnessReport: Presentable {
    func lines(_ language: Language) -> [String] {
        if isSent {
            return [
                language("de server heeft deze indiening al: ", "the server has this submission already: ")
                    + "\(code)"
            ]
        }
        var lines = [
            "\(code)",
            language(
                "Geef deze code voor sluiting door aan het secretariaat, en synchroniseer zodra het kan.",
                "Tell the secretariat this code before closing, and synchronise as soon as you can."),
        ]
        if let lodged {
            lines.append("\(Phrase.witnessed(language)): \(WallClock.text(lodged, language))")
        }
        return lines
    }
}
