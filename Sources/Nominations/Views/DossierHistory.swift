import ChangeLog
import Merging
import MunicipalRegister

/// What happened to a nominee in earlier editions. An award is not inherited: that of a predecessor or
/// of a region is told as such.
public struct DossierHistory: Hashable, Sendable, Encodable {
    public let year: Int
    /// `laureate` or `nomination`.
    public let event: String
    /// `same`, `predecessor`, or `region` that it was part of.
    public let relation: String
    /// The name at that time.
    public let name: String
    public let keywords: [String]
    /// How far the source supports it.
    @Nullable public var certainty: String?
    /// What became of that nominee since, a sentence each.
    public let notes: [String]

    /// Earlier laureates by year, as far as they bear on a nominee.
    static func laureates(
        bearingOn nominee: NomineeID, before year: Int, today: CivilDate, _ language: Language
    ) -> [DossierHistory] {
        Laureate.known.filter { $0.year < year }.compactMap { laureate in
            guard let relation = relation(of: laureate, to: nominee, today),
                let day = CivilDate(year: laureate.year, month: 1, day: 1)
            else { return nil }
            let view = NomineeView(laureate.nominee, on: day, today: today, language)
            return DossierHistory(
                year: laureate.year, event: "laureate", relation: relation, name: laureate.name,
                keywords: laureate.keywords, certainty: laureate.certainty, notes: view.notes)
        }.sorted { ($0.year, $0.name) < ($1.year, $1.name) }
    }

    private static func relation(
        of laureate: Laureate, to nominee: NomineeID, _ today: CivilDate
    ) -> String? {
        if laureate.nominee == nominee { return "same" }
        guard case .municipality(let municipality) = nominee,
            let awarded = MunicipalRegister.current.nominee(laureate.nominee),
            let day = CivilDate(year: laureate.year, month: 1, day: 1)
        else { return nil }
        let history = MunicipalRegister.current.description(of: awarded, from: day, asOf: today)
        switch awarded {
        case .municipality: return history.now.contains { $0.id == municipality } ? "predecessor" : nil
        case .region: return history.then.contains { $0.id == municipality } ? "region" : nil
        }
    }

    /// Nominations in other editions of this workspace, as far as the view holds them.
    static func nominations(
        of nominee: NomineeID, except edition: RecordID, _ view: some NominationsReader
    ) throws -> [DossierHistory] {
        var nominations: [DossierHistory] = []
        for other in try view.visible(.edition, in: Roster.audience) where other.id != edition {
            let subject = JuryKey(nominee: nominee, edition: other.id)
            for source in try DossierSource.all(of: subject, in: view) where source.standing == .submitted {
                let name = source.content[NominationField.nomineeName]?.text ?? nominee.text
                let organisation = try view.named(source.content.key.organisation)
                nominations.append(
                    DossierHistory(
                        year: other.year ?? 0, event: "nomination", relation: "same", name: name,
                        keywords: [],
                        certainty: nil, notes: [organisation.name]))
            }
        }
        return nominations
    }
}
