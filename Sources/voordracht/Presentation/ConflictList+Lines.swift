import VoordrachtClient

extension ConflictList: Presentable {
    func lines(_ language: Language) -> [String] {
        conflicts.isEmpty ? [Phrase.nothing(language)] : conflicts.flatMap { $0.lines(language) }
    }
}

extension ConflictItem {
    fileprivate func lines(_ language: Language) -> [String] {
        var head = "\(id)  \(CodeWord.text(kind, language))  \(title)"
        if let field { head += " \(field)" }
        if isSubmitted { head += "  (\(Phrase.fromSubmission(language)))" }
        var lines = [head]
        if let assignee {
            let name = assigneeName ?? Reference.text(person: assignee)
            lines.append("  \(Phrase.assignedTo(language)) \(name)")
        }
        if let base { lines.append("  \(Phrase.base(language)): \(base.plain(in: language))") }
        for candidate in candidates {
            let value = candidate.value?.plain(in: language) ?? CodeWord.text(candidate.role, language)
            let mark = candidate.id == shown ? "  ← \(Phrase.shownNow(language))" : ""
            let author = "\(candidate.author.name(language)), \(WallClock.text(candidate.time, language))"
            lines.append("  \(candidate.id)  \(author): \(value)\(mark)")
        }
        return lines
    }
}

extension DeclinedList: Presentable {
    func lines(_ language: Language) -> [String] {
        if items.isEmpty { return [Phrase.nothing(language)] }
        let lines = items.flatMap { item in
            [
                "\(item.change)  \(item.reason.sentence)  (\(item.reason.code))",
                "  \(item.personName ?? Reference.text(person: item.person)), "
                    + "\(Phrase.audience(item.audience, language)), "
                    + "\(Phrase.received(language)) \(WallClock.text(item.received, language))",
            ] + item.operations.map { "  " + $0.text(in: language) { CodeWord.text($0, language) } }
        }
        return lines + (next.map { ["\(Phrase.more(language)) \($0)"] } ?? [])
    }
}

extension TrayList: Presentable {
    func lines(_ language: Language) -> [String] {
        if items.isEmpty { return [Phrase.nothing(language)] }
        return items.flatMap { item in
            var lines = ["\(item.id)  \(item.reason.sentence)  (\(item.reason.code))"]
            if item.entry != item.id { lines.append("  \(Phrase.entry(language)) \(item.entry)") }
            if item.isUndecided { lines.append("  \(Phrase.undecided(language))") }
            lines += item.dependsOn.map { "  \(Phrase.dependsOn(language)) \($0)" }
            lines += item.operations.map { "  " + $0.text(in: language) { CodeWord.text($0, language) } }
            return lines
        }
    }
}
