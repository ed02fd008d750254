import VoordrachtClient

extension Edit: Presentable {
    func lines(_ language: Language) -> [String] {
        let what = changes.isEmpty ? Phrase.nothingToDo(language) : Phrase.state(state.rawValue, language)
        return ["\(Reference.text(record, kind: kind)) \(CodeWord.text(kind.name, language)): \(what)"]
    }
}

extension TrayOutcome: Presentable {
    func lines(_ language: Language) -> [String] {
        let told = reason.map { " – \($0.sentence)" } ?? ""
        return ["\(entry): \(Phrase.state(state, language))\(told)"]
    }
}

extension TrayOutcomes: Presentable {
    var isDone: Bool { isComplete }

    func lines(_ language: Language) -> [String] {
        items.isEmpty ? [Phrase.nothing(language)] : items.flatMap { $0.lines(language) }
    }
}
