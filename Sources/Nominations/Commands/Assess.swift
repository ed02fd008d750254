import ChangeLog
import Merging
import MunicipalRegister

/// Writes in the person's own review of a nominee, and submits it.
public struct Assess: NominationCommand {
    /// The mark on one criterion.
    public struct Score: Hashable, Sendable {
        /// A name or an id of a criterion of the edition.
        public var criterion: String
        /// 1 to 5.
        public var score: Int
        public var remark: String?

        public init(criterion: String, score: Int, remark: String? = nil) {
            self.criterion = criterion
            self.score = score
            self.remark = remark
        }
    }

    /// A name, an alias or a code.
    public var nominee: String
    /// A year, a name or an id; nil for the only open one.
    public var edition: String?
    public var motivation: String?
    public var advice: Advice?
    public var scores: [Score]
    /// Others' reviews come in once this one is accepted; what changes afterwards counts as a revision.
    public var isSubmitted: Bool

    public init(
        nominee: String, edition: String? = nil, motivation: String? = nil, advice: Advice? = nil,
        scores: [Score] = [], isSubmitted: Bool = false
    ) {
        self.nominee = nominee
        self.edition = edition
        self.motivation = motivation
        self.advice = advice
        self.scores = scores
        self.isSubmitted = isSubmitted
    }

    public func drafted(in view: some NominationsReader) throws(NominationError) -> Drafted {
        let edition = try view.edition(edition)
        let date = edition.referenceDate
        let nominee = try Nominate.nominee(nominee, in: edition, on: date)
        let key = ReviewKey(
            reviewer: view.person, about: JuryKey(nominee: nominee.id, edition: edition.id))
        let (record, audience) = (key.review(view.hash), key.audience(view.hash))
        let known = try view.read { try view.merged(record, in: audience) }
        var draft = RecordDraft(record, .review)
        if !(known?.isVisible ?? false) {
            draft.create(key: key.recordKey)
            draft.set(ReviewField.nomineeName, .text(nominee.name(on: date)))
        }
        draft.set(ReviewField.motivation, motivation.map { .text($0) })
        draft.set(ReviewField.advice, advice.map { .text($0.rawValue) })
        var operations = draft.operations + (try marks(of: record, in: audience, edition.id, view))
        let isFrozen = known?[ReviewField.standing]?.value?.text == ReviewField.submitted
        var outcome = RecordDraft(record, .review)
        if isFrozen, !operations.isEmpty {
            outcome.set(
                ReviewField.revision, .integer((known?[ReviewField.revision]?.value?.integer ?? 0) + 1))
        } else if isSubmitted, !isFrozen {
            // What is submitted names its advice, also where the draft has it already.
            let stands = known?[ReviewField.advice]?.value
            guard let told = advice.map({ .text($0.rawValue) }) ?? stands, !told.isNull else {
                throw NominationError(.reviewAdvice)
            }
            if advice == nil { outcome.set(ReviewField.advice, told) }
            outcome.set(ReviewField.standing, .text(ReviewField.submitted))
        }
        operations += outcome.operations
        return Drafted(
            record: record, kind: .review,
            drafts: operations.isEmpty ? [] : [Draft(audience: audience, operations: operations)])
    }

    private func marks(
        of review: RecordID, in audience: AudienceID, _ edition: RecordID, _ view: some NominationsReader
    ) throws(NominationError) -> [DraftOperation] {
        var operations: [DraftOperation] = []
        for mark in scores {
            guard (1...5).contains(mark.score) else { throw NominationError(.reviewScore) }
            let criterion = try view.criteria([mark.criterion], of: edition)[0]
            let key = RecordKey([.record(review), .record(criterion)])
            let record = key.record(kind: .score, hash: view.hash)
            let known = try view.read { try view.merged(record, in: audience) }
            var draft = RecordDraft(record, .score)
            if !(known?.isVisible ?? false) {
                draft.create(in: review, key: key)
                draft.set(ScoreField.criterion, .record(criterion))
            }
            draft.set(ScoreField.score, .integer(Int64(mark.score)))
            draft.set(ScoreField.remark, mark.remark.map { .text($0) })
            operations += draft.operations
        }
        return operations
    }
}
