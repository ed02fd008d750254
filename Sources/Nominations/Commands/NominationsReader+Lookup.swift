public import ChangeLog
public import Merging
public import MunicipalRegister

// What commands look up, with the error that a person understands where it is not there.

extension NominationsReader {
    /// Today in Amsterdam.
    public var today: CivilDate { AmsterdamTime.day(of: nowMilliseconds) }

    /// What a field of a record shows.
    public func value(_ field: FieldName, of record: RecordID, in audience: AudienceID) throws -> Value? {
        try merged(record, in: audience)?[field]?.value
    }

    /// What the view shows of a person of the roster.
    public func facts(of person: RecordID) throws -> PersonFacts {
        let record = try merged(person, in: Roster.audience)
        return PersonFacts(
            person: person, roles: record?[PersonField.roles]?.value,
            organisation: record?[PersonField.organisation]?.value)
    }

    /// Reads, and tells a failure as an error of this module.
    func read<Result>(_ body: () throws -> Result) throws(NominationError) -> Result {
        do {
            return try body()
        } catch let error as NominationError {
            throw error
        } catch {
            throw NominationError(.readFailed, ["\(error)"], cause: error)
        }
    }

    /// A visible record, wherever it stands.
    func found(_ record: RecordID) throws(NominationError) -> (MergedRecord, AudienceID) {
        let place = try read { () throws -> (MergedRecord, AudienceID)? in
            guard let audience = try audience(of: record), let merged = try merged(record, in: audience)
            else { return nil }
            return merged.isVisible ? (merged, audience) : nil
        }
        guard let place else { throw NominationError(.recordUnknown) }
        return place
    }

    /// The organisation for which the person nominates.
    func organisation() throws(NominationError) -> RecordID {
        let facts = try read { try self.facts(of: person) }
        guard let organisation = facts.organisation, facts.nominates(for: organisation) else {
            throw NominationError(.organisationNone)
        }
        return organisation
    }

    /// The edition that is meant by a year, a name or an id; by nothing, the only open one.
    public func edition(_ text: String?) throws(NominationError) -> MergedRecord {
        let editions = try read { try visible(.edition, in: Roster.audience) }
        if let text {
            let fitting = editions.filter { $0.isMeant(by: text, EditionField.name) }
            if fitting.count == 1 { return fitting[0] }
            throw NominationError(.editionUnknown, suggestions: editions.map(\.yearText))
        }
        let open = editions.filter { $0[EditionField.phase]?.value?.text == EditionPhase.open.rawValue }
        if open.count == 1 { return open[0] }
        if editions.count == 1 { return editions[0] }
        if editions.isEmpty { throw NominationError(.editionNone) }
        let names = editions.map(\.yearText)
        throw NominationError(.editionAmbiguous, [names.joined(separator: ", ")], suggestions: names)
    }

    /// The criteria that are meant by names or ids.
    func criteria(_ texts: [String], of edition: RecordID) throws(NominationError) -> [RecordID] {
        if texts.isEmpty { return [] }
        let known = try read { try visible(.criterion, in: Roster.audience) }.filter { $0.parent == edition }
        var criteria: [RecordID] = []
        for text in texts {
            let fitting = known.filter { $0.isMeant(by: text, CriterionField.name) }
            guard fitting.count == 1 else {
                let names = DutchCollation.sorted(known.compactMap { $0[CriterionField.name]?.value?.text }) {
                    $0
                }
                throw NominationError(
                    .criterionUnknown, [text, names.joined(separator: ", ")], suggestions: names)
            }
            criteria.append(fitting[0].id)
        }
        return criteria
    }

    /// The nomination that a record of an organisation's audience is, or belongs to.
    func nomination(of record: MergedRecord, in audience: AudienceID) throws -> MergedRecord? {
        if record.kind == .nomination { return record }
        guard let parent = record.parent, let above = try merged(parent, in: audience) else { return nil }
        return above.kind == .nomination ? above : nil
    }
}

extension MergedRecord {
    /// What the key of a nomination or a standing says.
    public var nominationKey: NominationKey? { creation?.key.flatMap { NominationKey($0) } }

    /// The year of an edition.
    public var year: Int? { creation?.key?.year }

    fileprivate var yearText: String { year.map(String.init) ?? id.description }

    /// By id, by a beginning of it of at least 6 digits, by year, or by name without regard to case.
    fileprivate func isMeant(by text: String, _ name: FieldName) -> Bool {
        if kind == .edition, let year, text == String(year) { return true }
        if let own = self[name]?.value?.text, Array(own.lowercased().utf8) == Array(text.lowercased().utf8) {
            return true
        }
        return text.utf8.count >= 6 && id.description.hasPrefix(text.lowercased())
    }
}
