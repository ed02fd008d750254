import VoordrachtClient

extension ReplicaStatus: Presentable {
    func lines(_ language: Language) -> [String] {
        let counts: [(Phrase, Int)] = [
            (.changesQueued, queued), (.changesHeld, held), (.changesWaiting, waiting),
            (.changesInTray, tray), (.openConflicts, conflicts),
        ]
        var lines = counts.filter { $0.1 > 0 }.map { "\($0.0(language)): \($0.1)" }
        let last = lastSync.map { AmsterdamTime.iso($0) } ?? Phrase.never(language)
        lines.append("\(Phrase.lastSync(language)): \(last) (\(Phrase.cursor(language)) \(view.text))")
        if let blockedBy {
            lines.append("\(Phrase.blocked(language)): \(blockedBy.message); \(blockedBy.remedy)")
        }
        if let nextTry { lines.append("\(Phrase.nextTry(language)): \(AmsterdamTime.iso(nextTry))") }
        if let line = SyncReport.clock(clockOffsetMilliseconds, language) { lines.append(line) }
        lines += audiences.map { audience in
            let state = audience.isComplete ? Phrase.allOf(language) : Phrase.arriving(language)
            return "  \(audience.id): \(state)"
        }
        return lines
    }
}

extension AcceptedState: Presentable {
    func lines(_ language: Language) -> [String] {
        ["\(Phrase.cursor(language)) \(cursor), \(pending) \(Phrase.queued(language))"]
            + audiences.map { audience in
                "\(audience.digest)  \(audience.id)  \(audience.records) \(Phrase.records(language)), "
                    + "\(audience.changes) \(Phrase.changes(language))"
            }
    }
}
