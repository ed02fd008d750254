import VoordrachtClient

extension RecordPage: Presentable {
    func lines(_ language: Language) -> [String] {
        var lines = items.map { item in
            let state = Phrase.state(item.state.rawValue, language)
            return "\(Reference.text(item.record))  \(item.kind)  \(item.title)  (\(state))"
        }
        if items.isEmpty { lines.append(Phrase.nothing(language)) }
        if let next {
            let shown = "\(items.count) \(Phrase.of(language)) \(total)"
            lines.append("\(shown); \(Phrase.more(language)) \(Reference.text(next))")
        }
        return lines
    }
}

extension RecordDetails: Presentable {
    func lines(_ language: Language) -> [String] {
        var head = "\(item.title) – \(item.kind) \(Reference.text(item.record)), \(item.audience)"
        if isRemoved { head += ", \(Phrase.removed(language))" }
        var lines = [head]
        if let conflict { lines.append("  \(Phrase.inConflict(language)) \(conflict)") }
        for field in fields {
            guard let value = field.value else { continue }
            var line = "  \(field.name): \(Self.indented(value.plain))"
            if field.state != .accepted { line += "  (\(Phrase.state(field.state.rawValue, language)))" }
            lines.append(line)
            lines += field.conflicts.map { "    \(Phrase.inConflict(language)) \($0)" }
        }
        for child in children {
            lines.append("  \(child.kind) \(Reference.text(child.record)): \(child.title)")
        }
        return lines
    }

    private static func indented(_ text: String) -> String {
        text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            .joined(separator: "\n    ")
    }
}
