import VoordrachtClient

extension RecordPage: Presentable {
    func lines(_ language: Language) -> [String] {
        var lines = items.map { item in
            let kind = CodeWord.text(item.kind.name, language)
            let states = [item.standing, item.state.rawValue].compactMap { $0 }
            let told = states.map { Phrase.state($0, language) }.joined(separator: ", ")
            let title = (item.year.map { ["\($0)", item.title] } ?? [item.title]).joined(separator: " ")
            return "\(Reference.text(item.record, kind: item.kind))  \(kind)  \(title)  (\(told))"
        }
        if items.isEmpty { lines.append(Phrase.nothing(language)) }
        if let next {
            let shown = "\(items.count) \(Phrase.of(language)) \(total)"
            lines.append("\(shown); \(Phrase.more(language)) \(Reference.text(next, kind: items.last?.kind))")
        }
        return lines
    }
}

extension RecordDetails: Presentable {
    func lines(_ language: Language) -> [String] {
        let kind = CodeWord.text(item.kind.name, language)
        let id = Reference.text(item.record, kind: item.kind)
        var head = "\(item.title) – \(kind) \(id), \(Phrase.audience(item.audience, language))"
        if let standing = item.standing { head += ", \(Phrase.state(standing, language))" }
        if isRemoved { head += ", \(Phrase.removed(language))" }
        var lines = [head]
        if let conflict { lines.append("  \(Phrase.inConflict(language)) \(conflict)") }
        for field in fields {
            // Lists in lists are for programs: of a submission, review shows what is in it.
            guard let value = field.value, !value.holdsLists else { continue }
            var line = "  \(field.name): \(Self.indented(value.plain(people, in: language)))"
            if field.state != .accepted { line += "  (\(Phrase.state(field.state.rawValue, language)))" }
            lines.append(line)
            lines += field.conflicts.map { "    \(Phrase.inConflict(language)) \($0)" }
        }
        for child in children {
            let kind = CodeWord.text(child.kind.name, language)
            lines.append("  \(kind) \(Reference.text(child.record, kind: child.kind)): \(child.title)")
        }
        return lines
    }

    private static func indented(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .joined(separator: "\n    ")
    }
}

extension Value {
    fileprivate var holdsLists: Bool { list?.contains { $0.list != nil } ?? false }
}
