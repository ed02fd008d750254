import ChangeLog

extension Lodging {
    /// Submissions are to be made before their edition closes. What was lodged before counts as a code that was told.
    static func submissions(hash: @escaping HashFunction) -> Lodging {
        Lodging(
            concerns: { id in
                if case .nomination = Audience(id) { true } else { false }
            },
            deadlines: { facts in
                try facts.records(of: .edition, in: Roster.audience).compactMap { edition in
                    try facts.rostered(edition, EditionField.closes)?.instant
                }
            },
            record: { change, moment, facts in
                let code = WitnessCode(change)
                let known = try facts.rostered(code.record(hash), WitnessField.lodged)?.instant
                if let known, known <= moment { return [] }
                return RosterCommands.witness(code, at: moment, hash: hash).operations
            })
    }
}
