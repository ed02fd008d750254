import VoordrachtClient

extension Dossier: Presentable {
    func lines(_ language: Language) -> [String] {
        var lines = ["\(nominee.name) (\(nominee.code)) – \(edition.name)"]
        lines += nominee.notes.map { "  \($0)" }
        lines += ["", Phrase.nominations(language)]
        lines += nominations.flatMap { $0.lines(language) }
        lines += ["", Phrase.examples(language)]
        for group in examplesByCriterion.groups {
            lines.append("  \(group.criterion?.name ?? Phrase.withoutCriterion(language))")
            lines += group.examples.map { example in
                "    \(example.title ?? "") – \(example.organisation.name)"
                    + (example.description.map { ": \($0)" } ?? "")
            }
        }
        if !annotations.isEmpty { lines += ["", Phrase.annotations(language)] }
        lines += annotations.map { note in
            let stance = note.stance.map { "[\(CodeWord.text($0, language))] " } ?? ""
            return "  \(stance)\(note.author?.name ?? ""): \(note.body)"
        }
        if !reviews.isEmpty { lines += ["", Phrase.reviews(language)] }
        lines += reviews.flatMap { $0.lines(language) }
        if !recused.isEmpty {
            let names = recused.map(\.name).joined(separator: ", ")
            lines += ["", "\(Phrase.recused(language)): \(names)"]
        }
        if !conflicts.isEmpty { lines += ["", Phrase.conflicts(language)] }
        lines += conflicts.flatMap { $0.lines(language) }
        if !history.isEmpty { lines += ["", Phrase.history(language)] }
        lines += history.map { item in
            "  \(item.year) \(CodeWord.text(item.event, language)) \(item.name)"
                + (item.notes.isEmpty ? "" : " – " + item.notes.joined(separator: " "))
        }
        return lines
    }
}

extension DossierNomination {
    fileprivate func lines(_ language: Language) -> [String] {
        var lines = ["  \(organisation.name) (\(Phrase.state(state, language))) r\(record)"]
        if let title { lines.append("    \(title)") }
        if let witnessed {
            lines.append("    \(Phrase.witnessed(language)): \(WallClock.text(utc: witnessed, language))")
        }
        if let motivation {
            lines += motivation.split(whereSeparator: \.isNewline).map { "    \($0)" }
        }
        return lines
    }
}

extension DossierReview {
    fileprivate func lines(_ language: Language) -> [String] {
        var head = "  \(reviewer.name) (\(Phrase.state(state, language))"
        if revisions > 0 { head += ", \(language.revisions(revisions))" }
        head += ")"
        if let advice { head += ": \(CodeWord.text(advice, language))" }
        var lines = [head]
        lines += scores.map { score in
            "    \(score.score.map(String.init) ?? "–")  \(score.criterion.name)"
                + (score.remark.map { ": \($0)" } ?? "")
        }
        if let motivation {
            lines += motivation.split(whereSeparator: \.isNewline).map { "    \($0)" }
        }
        return lines
    }
}

extension ConflictView {
    fileprivate func lines(_ language: Language) -> [String] {
        var head = "  \(id)  \(CodeWord.text(kind, language))"
        if let assignee { head += "  (\(Phrase.assignedTo(language)) \(assignee.name))" }
        return [head]
            + candidates.enumerated().map { index, candidate in
                let value =
                    candidate.value?.value.plain(in: language) ?? CodeWord.text(candidate.role, language)
                return
                    "    c\(index + 1)  \(candidate.name), \(WallClock.text(utc: candidate.time, language)): \(value)"
            }
    }
}
