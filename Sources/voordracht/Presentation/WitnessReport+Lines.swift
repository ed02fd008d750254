import VoordrachtClient

extension WitnessReport: Presentable {
    func lines(_ language: Language) -> [String] {
        if isSent {
            return [
                language("de server heeft deze indiening al: ", "the server has this submission already: ")
                    + "\(code)"
            ]
        }
        let advice =
            isTooLate
            ? language(
                "Voor zover dit apparaat weet is de editie gesloten, en wat daarna gemeld wordt telt niet: synchroniseer zodra het kan, het "
                    + "secretariaat beslist.",
                "As far as this device knows the edition has closed, and what is told after that does not count: synchronise as soon as you can, "
                    + "the secretariat decides.")
            : language(
                "Geef deze code voor sluiting door aan het secretariaat, en synchroniseer zodra het kan.",
                "Tell the secretariat this code before closing, and synchronise as soon as you can.")
        var lines = ["\(code)", advice]
        if let lodged, !isTooLate {
            lines.append("\(Phrase.witnessed(language)): \(WallClock.text(lodged, language))")
        }
        return lines
    }
}
