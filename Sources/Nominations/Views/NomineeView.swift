import ChangeLog
import MunicipalRegister

/// A nominee as it was on the reference date of an edition, and what became of it since.
public struct NomineeView: Hashable, Sendable, Encodable {
    public let id: String
    /// `municipality` or `region`.
    public let kind: String
    /// The name on the reference date.
    public let name: String
    /// The code on the reference date.
    public let code: String
    /// `YYYY-MM-DD`.
    public let referenceDate: String
    /// The municipalities of a region on the reference date, in Dutch order; empty for a municipality.
    public let members: [String]
    /// What happened since, a sentence each, oldest first; nothing of it moves a nomination.
    public let notes: [String]
    /// The municipalities that cover the area today, in Dutch order.
    public let today: [String]

    /// A nominee that the register does not know shows its id.
    init(_ id: NomineeID, on date: CivilDate, today: CivilDate, _ language: Language) {
        self.id = id.text
        referenceDate = date.iso
        guard let nominee = MunicipalRegister.current.nominee(id) else {
            (kind, name, code, members, notes, self.today) = ("", id.text, "", [], [], [])
            return
        }
        let history = MunicipalRegister.current.description(of: nominee, from: date, asOf: max(date, today))
        switch nominee {
        case .municipality: (kind, members) = ("municipality", [])
        case .region: (kind, members) = ("region", history.then.map(\.name))
        }
        name = history.name
        code = nominee.code(on: date)
        notes = history.events.map { Self.note($0, language) }
        self.today = history.now.map(\.name)
    }

    private static func note(_ event: MunicipalEvent, _ language: Language) -> String {
        let day = event.on.text(language)
        let subject = event.subject.name
        switch (event.kind, language) {
        case (.renamed(let to), .dutch): return "\(subject) heet sinds \(day) \(to.name)."
        case (.renamed(let to), .english): return "\(subject) has been called \(to.name) since \(day)."
        case (.enlarged(let by), .dutch):
            return "\(subject) omvat sinds \(day) ook \(list(by, language))."
        case (.enlarged(let by), .english):
            return "\(subject) has included \(list(by, language)) since \(day)."
        case (.ended(let successors), .dutch):
            return "\(subject) hoort sinds \(day) bij \(list(successors, language))."
        case (.ended(let successors), .english):
            return "\(subject) has been part of \(list(successors, language)) since \(day)."
        }
    }

    private static func list(_ places: [NamedMunicipality], _ language: Language) -> String {
        let names = places.map { "\($0.name) (\($0.province))" }
        guard let last = names.last, names.count > 1 else { return names.first ?? "–" }
        return names.dropLast().joined(separator: ", ") + (language == .dutch ? " en " : " and ") + last
    }
}
