import ChangeLog
import Merging
import MunicipalRegister

/// Everything that a reader may know about one nominee of one edition, merged.
///
/// Of each nomination the latest accepted submission counts; a draft is shown to its own organisation
/// alone, because nobody else holds it.
public struct Dossier: Hashable, Sendable, Encodable {
    public let nominee: NomineeView
    public let edition: NamedRecord
    /// In the Dutch order of the organisations; withdrawn ones last.
    public let nominations: [DossierNomination]
    /// Of nominations that were not withdrawn.
    public let examplesByCriterion: ExamplesByCriterion
    /// Counter-evidence first, then by stance and time.
    public let annotations: [AnnotationView]
    /// The annotations that contradict; also in `annotations`.
    public let counterEvidence: [AnnotationView]
    /// Of reviewers, as far as the reader may read them.
    public let reviews: [DossierReview]
    /// Reviewers who do not judge this nominee, in Dutch order.
    public let recused: [NamedRecord]
    /// Unsettled, as the submissions list them; of nominations that were not withdrawn.
    public let conflicts: [ConflictView]
    /// Earlier editions, oldest first.
    public let history: [DossierHistory]

    /// The dossier of a nominee by name, alias or code. The edition is a year, a name or an id; nil for
    /// the only open one.
    public init(
        of words: String, edition text: String? = nil, in view: some NominationsReader, _ language: Language
    ) throws(NominationError) {
        let edition = try view.edition(text)
        let date = edition.referenceDate
        let nominee = try Nominate.nominee(words, in: edition, on: date).id
        self = try view.read {
            try Dossier(
                JuryKey(nominee: nominee, edition: edition.id), on: date, year: edition.year ?? date.year,
                view,
                language)
        }
    }

    private init(
        _ subject: JuryKey, on date: CivilDate, year: Int, _ view: some NominationsReader,
        _ language: Language
    ) throws {
        nominee = NomineeView(subject.nominee, on: date, today: view.today, language)
        edition = try view.named(subject.edition)
        let sources = try DossierSource.all(of: subject, in: view)
        let shown = try sources.map { try DossierNomination($0, view) }
        let sorted = DutchCollation.sorted(shown) { $0.organisation.name }
        let withdrawn = Standing.withdrawn.rawValue
        nominations = sorted.filter { $0.state != withdrawn } + sorted.filter { $0.state == withdrawn }

        let standing = sources.filter { $0.standing != .withdrawn }
        let examples = try standing.flatMap { source in
            try source.content.examples.map { try DossierExample($0, of: source.content.key, view) }
        }
        examplesByCriterion = try ExamplesByCriterion(examples, edition: subject.edition, view)
        annotations = try AnnotationView.all(of: subject, in: view)
        counterEvidence = annotations.filter { $0.stance == Stance.contradiction.rawValue }
        reviews = try DossierReview.all(of: subject, in: view)
        let recused = try view.visible(.recusal, in: Audience.panel.id).filter { recusal in
            recusal[RecusalField.recused]?.value == .boolean(true)
        }.compactMap { recusal in recusal.creation?.key.flatMap { RecusalKey($0) } }
        self.recused = DutchCollation.sorted(
            try recused.filter { $0.subject == subject.subject(view.hash) }.map {
                try view.named($0.reviewer)
            }
        ) { $0.name }
        conflicts = try standing.flatMap { source in
            try source.content.conflicts.map { try ConflictView($0, of: source.content.key, view) }
        }
        let laureates = DossierHistory.laureates(
            bearingOn: subject.nominee, before: year, today: view.today, language)
        let others = try DossierHistory.nominations(of: subject.nominee, except: subject.edition, view)
        history = (laureates + others).sorted { ($0.year, $0.event, $0.name) < ($1.year, $1.event, $1.name) }
    }
}
