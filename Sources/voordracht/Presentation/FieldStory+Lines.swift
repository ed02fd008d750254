import VoordrachtClient

extension FieldStory: Presentable {
    func lines(_ language: Language) -> [String] {
        let shown = value?.plain ?? Phrase.noValue(language)
        return ["\(field): \(shown)  (\(rule))"]
            + conflicts.map { "  \(Phrase.inConflict(language)) \($0)" }
            + history.map { event in
                let author = event.author.name(language)
                let value = event.value.map { ": \($0.plain)" } ?? ""
                let time = AmsterdamTime.iso(event.time)
                return "  \(time)  \(author)  \(event.action)\(value)  (\(event.outcome))"
            }
    }
}

extension ChangeAuthor {
    func name(_ language: Language) -> String {
        personName ?? person.map { Reference.text(person: $0) } ?? Phrase.theServer(language)
    }
}

extension ChangeList: Presentable {
    func lines(_ language: Language) -> [String] {
        if items.isEmpty { return [Phrase.nothing(language)] }
        return items.map { $0.line(language) }
            + (next.map { ["\(Phrase.more(language)) \($0)"] } ?? [])
    }
}

extension ChangeList.Item {
    func line(_ language: Language) -> String {
        let place = position.map { "@\($0)" } ?? "–"
        let what = (operations ?? []).map { operation in
            Self.word(operation) + (operation.field.map { " \($0)" } ?? "")
        }.joined(separator: ", ")
        return "\(place)  \(AmsterdamTime.iso(time))  \(author.name(language))  \(what)  "
            + "(\(Phrase.state(state, language)); \(change))"
    }

    private static func word(_ operation: Operation) -> String {
        switch operation {
        case .create(_, let kind, _, _): "create \(kind)"
        case .remove: "remove"
        case .restore: "restore"
        case .write: "write"
        case .resolve: "resolve"
        case .insert: "insert"
        case .take: "take"
        case .edit: "edit"
        case .accept: "accept"
        }
    }
}
