import ChangeLog
import Merging
import MunicipalRegister

/// How many of the member organisations have answered the call of an edition.
public struct ResponseDashboard: Hashable, Sendable, Encodable {
    public let edition: NamedRecord
    /// All member organisations.
    public let organisations: Int
    /// Those with at least one nomination that takes part.
    public let answered: Int
    /// Nominations that take part.
    public let submitted: Int
    public let withdrawn: Int
    /// In Dutch order.
    public let answeredBy: [NamedRecord]

    /// Counts what the view holds: for the secretariat that is everything. The edition is a year, a
    /// name or an id; nil for the only open one.
    public init(edition text: String? = nil, in view: some NominationsReader) throws(NominationError) {
        let edition = try view.edition(text)
        self = try view.read { try ResponseDashboard(edition, view) }
    }

    private init(_ edition: MergedRecord, _ view: some NominationsReader) throws {
        self.edition = try view.named(edition.id)
        organisations = try view.visible(.organisation, in: Roster.audience).count
        var standings: [Standing] = []
        var answering: Set<RecordID> = []
        for audience in try view.audiences() {
            guard case .nomination? = Audience(audience) else { continue }
            for record in try view.visible(.standing, in: audience) {
                guard let key = record.nominationKey, key.edition == edition.id,
                    let standing = try view.standing(of: key)
                else { continue }
                standings.append(standing)
                if standing == .submitted { answering.insert(key.organisation) }
            }
        }
        answered = answering.count
        submitted = standings.count { $0 == .submitted }
        withdrawn = standings.count { $0 == .withdrawn }
        answeredBy = DutchCollation.sorted(try answering.sorted().map { try view.named($0) }) { $0.name }
    }
}
