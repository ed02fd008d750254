public import ChangeLog
import Merging
public import MunicipalRegister

/// Prepares an edition of the award, for the secretariat.
public struct CreateEdition: NominationCommand {
    public var year: Int
    public var name: String
    public var predicate: String?
    public var call: String?
    /// By default the first day of the year.
    public var referenceDate: CivilDate?
    /// Milliseconds since 1970 UTC.
    public var opens: Int64?
    /// The last moment that is in time, milliseconds since 1970 UTC.
    public var closes: Int64?
    public var graceHours: Int?
    public var regionKind: Region.Kind

    public init(
        year: Int, name: String, predicate: String? = nil, call: String? = nil,
        referenceDate: CivilDate? = nil, opens: Int64? = nil, closes: Int64? = nil,
        graceHours: Int? = nil, regionKind: Region.Kind = .corop
    ) {
        self.year = year
        self.name = name
        self.predicate = predicate
        self.call = call
        self.referenceDate = referenceDate
        self.opens = opens
        self.closes = closes
        self.graceHours = graceHours
        self.regionKind = regionKind
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        guard let firstDay = CivilDate(year: year, month: 1, day: 1) else {
            throw NominationError(.editionYear, [String(year)])
        }
        if let opens, let closes, closes < opens { throw NominationError(.editionDates) }
        let key = RecordKey.edition(year: year)
        let record = key.record(kind: .edition, hash: view.hash)
        let known = try view.read { try view.merged(record, in: Roster.audience) }
        if let known, known.isVisible { throw NominationError(.editionExists, [String(year)]) }

        var draft = RecordDraft(record, .edition)
        draft.create(key: key)
        draft.set(EditionField.name, .text(try RosterCommands.checked(name)))
        draft.set(EditionField.predicate, predicate.map { .text($0) })
        draft.set(EditionField.call, call.map { .text($0) })
        draft.set(EditionField.referenceDate, .day(referenceDate ?? firstDay))
        draft.set(EditionField.opens, opens.map { .instant($0) })
        draft.set(EditionField.closes, closes.map { .instant($0) })
        draft.set(EditionField.graceHours, graceHours.map { .integer(Int64($0)) })
        draft.set(EditionField.regionKind, .text(regionKind.rawValue))
        draft.set(EditionField.phase, .text(EditionPhase.draft.rawValue))
        return Drafted(draft, in: Roster.audience)
    }
}

extension Value {
    /// A day of the calendar.
    public static func day(_ date: CivilDate) -> Value { .date(Int32(date.daysSince1970)) }

    /// The day of a date; nil for another value and beyond the calendar.
    public var day: CivilDate? { date.flatMap { CivilDate(daysSince1970: Int($0)) } }
}
