import ChangeLog
import Merging
import MunicipalRegister

/// One reviewer's review in a dossier.
public struct DossierReview: Hashable, Sendable, Encodable {
    /// In hexadecimal.
    public let record: String
    public let reviewer: NamedRecord
    /// `submitted`, or `draft` for the reader's own.
    public let state: String
    /// How often it was changed after it was submitted, when others' reviews could be read.
    public let revisions: Int
    @Nullable public var advice: String?
    @Nullable public var motivation: String?
    /// In the Dutch order of the criteria.
    public let scores: [Score]

    /// The mark on one criterion.
    public struct Score: Hashable, Sendable, Encodable {
        public let criterion: NamedRecord
        /// 1 to 5; null where it was taken back.
        @Nullable public var score: Int?
        @Nullable public var remark: String?
    }

    /// Those of one nominee and edition that the view holds, the reader's own first, then by name. Throws what
    /// reading throws.
    static func all(of subject: JuryKey, in view: some NominationsReader) throws -> [DossierReview] {
        var reviews: [DossierReview] = []
        for audience in try view.audiences() {
            guard case .review? = Audience(audience) else { continue }
            for review in try view.visible(.review, in: audience) {
                guard let key = review.creation?.key.flatMap({ ReviewKey($0) }), key.about == subject else {
                    continue
                }
                reviews.append(try DossierReview(review, of: key.reviewer, in: audience, view))
            }
        }
        let own = view.person.description
        return reviews.sorted { left, right in
            (left.reviewer.record == own ? 0 : 1, left.reviewer.name, left.record)
                < (right.reviewer.record == own ? 0 : 1, right.reviewer.name, right.record)
        }
    }

    private init(
        _ review: MergedRecord, of reviewer: RecordID, in audience: AudienceID,
        _ view: some NominationsReader
    ) throws {
        record = review.id.description
        self.reviewer = try view.named(reviewer)
        state = review[ReviewField.standing]?.value?.text ?? "draft"
        revisions = Int(clamping: review[ReviewField.revision]?.value?.integer ?? 0)
        let scores = try view.visible(.score, in: audience).filter { $0.parent == review.id }.map { score in
            Score(
                criterion: try view.named(score[ScoreField.criterion]?.value?.record ?? score.id),
                score: score[ScoreField.score]?.value?.integer.map { Int(clamping: $0) },
                remark: score[ScoreField.remark]?.value?.text)
        }
        self.scores = DutchCollation.sorted(scores) { $0.criterion.name }
        advice = review[ReviewField.advice]?.value?.text
        motivation = review[ReviewField.motivation]?.value?.text
    }
}
