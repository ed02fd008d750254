import VoordrachtClient

extension SyncReport: Presentable {
    func lines(_ language: Language) -> [String] {
        let counts: [(Phrase, Int)] = [
            (.accepted, accepted), (.held, held), (.refused, refused), (.received, received),
            (.purged, purged), (.queued, pending),
        ]
        var told = counts.filter { $0.1 > 0 }.map { "\($0.1) \($0.0(language))" }
        if conflicts > 0 { told.append(language.openConflicts(conflicts)) }
        let head = isComplete ? Phrase.upToDate(language) : Phrase.incomplete(language)
        var lines = [told.isEmpty ? head : head + ": " + told.joined(separator: ", ")]
        for verdict in verdicts {
            guard let reason = verdict.reason else { continue }
            let state = Phrase.state(verdict.verdict, language)
            lines.append("  \(verdict.change): \(state) – \(reason.sentence)")
        }
        if let line = Self.clock(clockOffsetMilliseconds, language) { lines.append(line) }
        if let notBefore, nextTry == nil {
            lines.append("\(Phrase.notBefore(language)): \(WallClock.text(notBefore, language))")
        }
        if hasHandedIn { lines.append(Phrase.handedIn(language)) }
        if continuedAs != nil { lines.append(Phrase.continued(language)) }
        if let restoration {
            lines.append("\(Phrase.restored(language)): \(language.changes(restoration.offered))")
        }
        lines += divergences.filter(\.isMended).map { divergence in
            "\(Phrase.mended(language)): \(language.changes(divergence.mended))"
        }
        // The same as an error stands on its own line already.
        lines += warnings.filter { $0 != error }.map { "\(Phrase.warning(language)): \($0.sentence)" }
        if let nextTry { lines.append("\(Phrase.nextTry(language)): \(WallClock.text(nextTry, language))") }
        return lines
    }

    /// Only where it is far enough off for a person to care: two minutes.
    static func clock(_ offset: Int64?, _ language: Language) -> String? {
        guard let offset, offset.magnitude >= 120_000 else { return nil }
        let span = language.span(milliseconds: Int64(clamping: offset.magnitude))
        return offset < 0
            ? language("uw klok loopt \(span) voor", "your clock is \(span) ahead")
            : language("uw klok loopt \(span) achter", "your clock is \(span) behind")
    }
}

extension Outgoing: Presentable {
    func lines(_ language: Language) -> [String] {
        [
            "\(language.changes(changes.count)) "
                + language(
                    changes.count == 1 ? "zou worden verzonden" : "zouden worden verzonden", "would be sent")
        ]
            + changes.map { "  " + $0.line(language) }
    }
}
