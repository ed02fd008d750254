import ChangeLog
import Merging
import MunicipalRegister

/// Nominates a municipality or a region for the person's organisation.
///
/// The same organisation's nomination of the same nominee is the same record, whoever makes it and
/// however the name is written.
public struct Nominate: NominationCommand {
    /// A name, an alias or a code.
    public var nominee: String
    /// A year, a name or an id; nil for the only open one.
    public var edition: String?
    public var motivation: String?

    public init(nominee: String, edition: String? = nil, motivation: String? = nil) {
        self.nominee = nominee
        self.edition = edition
        self.motivation = motivation
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let organisation = try view.organisation()
        let edition = try view.edition(edition)
        let date = edition.referenceDate
        let nominee = try Self.nominee(nominee, in: edition, on: date)
        let key = NominationKey(edition: edition.id, organisation: organisation, nominee: nominee.id)
        let record = key.nomination(view.hash)
        let audience = Audience.organisation(organisation).id
        let known = try view.read { try view.merged(record, in: audience) }

        var draft = RecordDraft(record, .nomination)
        if !(known?.isVisible ?? false) { draft.create(key: key.recordKey) }
        if known?[NominationField.nomineeName] == nil {
            // Frozen: a municipality may change its name or cease to be while the jury reads.
            draft.set(NominationField.nomineeName, .text(nominee.name(on: date)))
            draft.set(NominationField.nomineeCode, .text(nominee.code(on: date)))
            draft.set(NominationField.referenceDate, .day(date))
        }
        draft.set(NominationField.motivation, motivation.map { .text($0) })
        return Drafted(draft, in: audience)
    }

    /// What the words mean on the reference date of an edition.
    static func nominee(
        _ words: String, in edition: MergedRecord, on date: CivilDate
    ) throws(NominationError) -> Nominee {
        let kind = edition[EditionField.regionKind]?.value?.text.flatMap { Region.Kind(rawValue: $0) }
        let register = MunicipalRegister.current
        switch register.find(words, on: date, regionKind: kind) {
        case .found(let nominee):
            guard case .municipality(let municipality) = nominee, !municipality.exists(on: date) else {
                return nominee
            }
            let then = register.names(for: municipality, on: date)
            throw NominationError(
                .nomineeNotThen, [nominee.name(on: date), date.iso, then.joined(separator: ", ")],
                suggestions: then)
        case .ambiguous(let nominees):
            let names = nominees.map { "\($0.name(on: date)) (\($0.code(on: date)))" }
            throw NominationError(
                .nomineeAmbiguous, [words, names.joined(separator: ", ")], suggestions: names)
        case .unknown(let suggestions):
            let names = suggestions.map { $0.nominee.name(on: date) }
            throw NominationError(
                .nomineeUnknown, [words, names.isEmpty ? "–" : names.joined(separator: ", ")],
                suggestions: names)
        }
    }
}

extension MergedRecord {
    /// The day on which an edition takes nominees as they are: decided, else the first of its year.
    var referenceDate: CivilDate {
        self[EditionField.referenceDate]?.value?.day
            ?? year.flatMap { CivilDate(year: $0, month: 1, day: 1) } ?? AmsterdamTime.epoch
    }
}

extension Nominee {
    /// The code on a day: of Statistics Netherlands, or of the region.
    func code(on date: CivilDate) -> String {
        switch self {
        case .municipality(let municipality): municipality.nearestPeriod(to: date).code
        case .region(let region): region.code
        }
    }
}

extension MunicipalRegister {
    /// What stood in the place of a municipality on a day on which it did not exist.
    fileprivate func names(for municipality: Municipality, on date: CivilDate) -> [String] {
        switch status(of: municipality, on: date) {
        case .existing: []
        case .ended(_, let successors): successors.map(\.name)
        case .notYet(_, let predecessors): predecessors.map(\.name)
        }
    }
}
