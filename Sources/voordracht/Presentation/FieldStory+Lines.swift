import VoordrachtClient

extension FieldStory: Presentable {
    func lines(_ language: Language) -> [String] {
        let shown = value?.plain(in: language) ?? Phrase.noValue(language)
        return ["\(field): \(shown)  (\(CodeWord.text(rule, language)))"]
            + conflicts.map { "  \(Phrase.inConflict(language)) \($0)" }
            + history.map { event in
                let author = event.author.name(language)
                let value = event.value.map { ": \($0.plain(in: language))" } ?? ""
                let time = WallClock.text(event.time, language)
                let action = CodeWord.text(event.action, language)
                return "  \(time)  \(author)  \(action)\(value)  (\(event.outcomeWord(language)))"
            }
    }
}

extension FieldStory.Event {
    /// As the code of an outcome, "removed" means something else than as that of a conflict.
    fileprivate func outcomeWord(_ language: Language) -> String {
        outcome == "removed" ? Phrase.removed(language) : CodeWord.text(outcome, language)
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
            Self.word(operation, language) + (operation.field.map { " \($0)" } ?? "")
        }.joined(separator: ", ")
        return "\(place)  \(WallClock.text(time, language))  \(author.name(language))  \(what)  "
            + "(\(Phrase.state(state, language)); \(change))"
    }

    private static func word(_ operation: Operation, _ language: Language) -> String {
        let verb = CodeWord.text(operation.verb, language)
        guard case .create(_, let kind, _, _) = operation else { return verb }
        return "\(verb) \(CodeWord.text(kind.name, language))"
    }
}
