import VoordrachtClient

extension ReplicaStatus: Presentable {
    func lines(_ language: Language) -> [String] {
        var lines = waitingLines(language)
        if lines.isEmpty {
            lines.append(
                language(
                    "Alles wat hier is vastgelegd is bij de server aanvaard.",
                    "Everything that was recorded here has been accepted by the server."))
        }
        lines += blockLines(language)
        lines += warnings.map { "\(Phrase.warning(language)): \($0.sentence)" }
        lines += notices.map(\.sentence)
        if conflicts > 0 {
            lines.append(
                "\(language.openConflicts(conflicts)): "
                    + language("zie voordracht conflicts", "see voordracht conflicts"))
        }
        let last = lastSync.map { WallClock.text($0, language) } ?? Phrase.never(language)
        lines.append("\(Phrase.lastSync(language)): \(last) (\(Phrase.cursor(language)) \(view.text))")
        if let line = SyncReport.clock(clockOffsetMilliseconds, language) { lines.append(line) }
        let arriving = audiences.filter { !$0.isComplete }
        lines += arriving.map { "\(Phrase.arriving(language)): \(Phrase.audience($0.id, language))" }
        return lines
    }

    /// What the server has not accepted, and what each of it waits for.
    private func waitingLines(_ language: Language) -> [String] {
        var lines: [String] = []
        if queued > 0 {
            let why =
                blockedBy == nil
                ? language(
                    "gaat mee bij de volgende keer voordracht sync",
                    "goes along with the next voordracht sync")
                : language("kan nu niet worden verzonden", "cannot be sent now")
            lines.append("\(language.changes(queued)) \(Phrase.queued(language)): \(why)")
        }
        if held > 0 {
            let why = language("het secretariaat beslist erover", "the secretariat decides about it")
            lines.append("\(language.changes(held)) \(Phrase.held(language)): \(why)")
        }
        if waiting > 0 {
            let why = language(
                "komt aan de beurt na een eerdere die wordt aangehouden",
                "has its turn after an earlier one that is held")
            lines.append("\(language.changes(waiting)) \(language("in afwachting", "waiting")): \(why)")
        }
        if tray > 0 {
            let why = language("zie voordracht tray list", "see voordracht tray list")
            lines.append("\(language.changes(tray)) \(Phrase.refused(language)): \(why)")
        }
        return lines
    }

    /// Why it is not going on, since when, and what happens next.
    private func blockLines(_ language: Language) -> [String] {
        guard let blockedBy else { return [] }
        let since = blockedSince.map { language(" sinds ", " since ") + WallClock.text($0, language) } ?? ""
        // What to do about a server that does not answer is said by the line of the next try.
        let why = blockedBy.code == "server.unreachable" ? blockedBy.message : blockedBy.sentence
        var lines = [language("Synchroniseren lukt niet\(since): ", "Synchronising fails\(since): ") + why]
        if let nextTry {
            lines.append("\(Phrase.nextTry(language)): \(WallClock.text(nextTry, language))")
        } else {
            lines.append(
                "\(Phrase.nextTry(language)): "
                    + language(
                        "als u voordracht sync geeft", "when you run voordracht sync"))
            if let notBefore {
                lines.append("\(Phrase.notBefore(language)): \(WallClock.text(notBefore, language))")
            }
        }
        return lines
    }
}

extension Phrase {
    /// Who reads what is written there.
    static func audience(_ id: AudienceID, _ language: Language) -> String {
        switch Audience(id) {
        case .everyone: language("voor iedereen", "for everyone")
        case .organisation: language("binnen de organisatie", "within the organisation")
        case .nomination: language("voor wie de inzending beoordeelt", "for those who review the submission")
        case .jury: language("voor de beoordelaars", "for the reviewers")
        case .review:
            language("voor beoordelaars die zelf hebben ingediend", "for reviewers who have submitted theirs")
        case .panel: language("voor wie beoordeelt", "for those who judge")
        case .workgroup: language("voor de werkgroep", "for the workgroup")
        case .person: language("alleen voor de auteur", "for the author alone")
        case nil: id.name
        }
    }
}

extension AcceptedState: Presentable {
    func lines(_ language: Language) -> [String] {
        ["\(Phrase.cursor(language)) \(cursor), \(pending) \(Phrase.queued(language))"]
            + audiences.map { audience in
                "\(audience.digest)  \(audience.id)  \(language.records(audience.records)), "
                    + language.changes(audience.changes)
            }
    }
}
