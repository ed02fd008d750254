import VoordrachtClient

extension ReceiptReport: Presentable {
    func lines(_ language: Language) -> [String] {
        let what = nominee ?? "\(change)"
        let state = Phrase.state(verdict, language)
        let place = position.map { language(" op positie \($0)", " at position \($0)") } ?? ""
        var lines = [
            language("Ontvangen op ", "Received on ") + "\(WallClock.text(received, language)): \(what), "
                + "\(state)\(place)"
        ]
        lines.append(
            language("door ", "by ") + (personName ?? language("een onbekende auteur", "an unknown author"))
                + language("; zijn klok gaf ", "; the author's clock said ")
                + WallClock.text(claimed, language))
        lines.append(
            language(
                "ondertekend door \(association) op \(WallClock.text(head.time, language)), \(head.size) bladeren",
                "signed by \(association) on \(WallClock.text(head.time, language)), \(head.size) leaves"))
        lines.append(language("sleutel van de server: ", "key of the server: ") + server)
        switch comparison {
        case .same:
            lines.append(
                language(
                    "Dit apparaat zag dezelfde stand van de server.",
                    "This device has seen the same head of the server."))
        case .unseen:
            lines.append(
                language(
                    "De server is die van dit apparaat; deze stand zag het niet.",
                    "The server is that of this device, which has not seen this head."))
        case nil:
            lines.append(
                language(
                    "Vergelijk de sleutel met die van de vereniging: hier is geen replica om dat te doen.",
                    "Compare the key with that of the association: there is no replica here to do it."))
        }
        return lines
    }
}
