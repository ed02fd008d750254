import VoordrachtClient

extension SyncReport: Presentable {
    func lines(_ language: Language) -> [String] {
        let counts: [(Phrase, Int)] = [
            (.accepted, accepted), (.held, held), (.refused, refused), (.received, received),
            (.purged, purged), (.queued, pending), (.openConflicts, conflicts),
        ]
        let told = counts.filter { $0.1 > 0 }.map { "\($0.0(language)) \($0.1)" }
        let head = isComplete ? Phrase.upToDate(language) : Phrase.incomplete(language)
        var lines = [told.isEmpty ? head : head + ": " + told.joined(separator: ", ")]
        for verdict in verdicts {
            guard let reason = verdict.reason else { continue }
            let state = Phrase.state(verdict.verdict, language)
            lines.append("  \(verdict.change): \(state) – \(reason.sentence)")
        }
        if let line = Self.clock(clockOffsetMilliseconds, language) { lines.append(line) }
        if let nextTry { lines.append("\(Phrase.nextTry(language)): \(WallClock.text(nextTry))") }
        return lines
    }

    /// Only where it is far enough off for a person to care: two minutes.
    static func clock(_ offset: Int64?, _ language: Language) -> String? {
        guard let offset, abs(offset) >= 120_000 else { return nil }
        let phrase = offset < 0 ? Phrase.clockAhead : Phrase.clockBehind
        return "\(phrase(language)): \(abs(offset) / 1000)"
    }
}

extension Outgoing: Presentable {
    func lines(_ language: Language) -> [String] {
        ["\(language.changes(changes.count)) \(Phrase.wouldSend(language))"]
            + changes.map { "  " + $0.line(language) }
    }
}
