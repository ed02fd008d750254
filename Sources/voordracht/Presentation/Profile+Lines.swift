import VoordrachtClient

extension Profile: Presentable {
    func lines(_ language: Language) -> [String] {
        let unknown = Phrase.notSynced(language)
        var rows: [(Phrase, String)] = [
            (.person, "\(name ?? unknown) (\(Reference.text(person: person)))"),
            (.roles, roles.map { CodeWord.text($0.rawValue, language) }.joined(separator: ", ")),
        ]
        if let organisation {
            rows.append((.organisation, "\(organisationName ?? "") (\(Reference.text(organisation)))"))
        }
        rows += [
            (.device, "\(deviceName ?? unknown) (\(Reference.text(device)))"), (.association, association),
            (.server, server), (.home, folder),
        ]
        return rows.map { "\($0.0(language)): \($0.1)" }
    }
}
