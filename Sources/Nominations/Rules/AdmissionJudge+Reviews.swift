import ChangeLog
import MunicipalRegister

extension AdmissionJudge {
    /// A recused reviewer says nothing more about the nominee.
    func checkUnbiased(_ author: PersonFacts, about subject: RecordID) throws {
        if try NominationRules.isRecused(author.person, from: subject, facts, hash) {
            throw Refusal(.reviewRecused).own
        }
    }

    /// Whoever judges recuses himself; the secretariat recuses anybody, and lets others in again.
    func checkRecusals(_ author: PersonFacts, _ steps: [Step]) throws {
        for step in steps {
            guard let key = step.origin.key.flatMap({ RecusalKey($0) }) else { throw Refusal(.recordKey) }
            let isOwn = author.person == key.reviewer
            let mayLift = author.has(.secretariat) && !isOwn
            guard mayLift || isOwn else { throw Refusal(.audienceForbidden) }
            switch step.operation {
            case .create, .write(_, RecusalField.nominee, _, _), .write(_, RecusalField.edition, _, _),
                .write(_, RecusalField.recused, _, .boolean(true)):
                break
            case .write(_, RecusalField.recused, _, .boolean(false)) where mayLift: break
            default: throw Refusal(.audienceForbidden)
            }
            try checkLabel(of: step.operation.record, key, steps)
        }
    }

    /// The change that creates a recusal says in words what its key says as a hash.
    private func checkLabel(of recusal: RecordID, _ key: RecusalKey, _ steps: [Step]) throws {
        let own = steps.map(\.operation).filter { $0.record == recusal }
        func told(_ field: FieldName) -> Set<Value> {
            Set(own.filter { $0.field == field }.flatMap(\.values))
        }
        let isCreated = own.contains { if case .create = $0 { true } else { false } }
        let (nominees, editions) = (told(RecusalField.nominee), told(RecusalField.edition))
        guard isCreated || !nominees.isEmpty || !editions.isEmpty else { return }
        guard nominees.count == 1, let nominee = nominees.first?.text.flatMap({ NomineeID(text: $0) }),
            editions.count == 1, let edition = editions.first?.record,
            JuryKey(nominee: nominee, edition: edition).subject(hash) == key.subject
        else { throw Refusal(.recusalSubject) }
    }

    /// A review is its reviewer's, and says what it advises when it is submitted. From then on it is changed only
    /// by changes that count as revisions, so that everybody sees what was said before others' could be read.
    func checkReview(
        _ review: RecordID, _ author: PersonFacts, _ steps: [Step], _ audience: Audience
    ) throws {
        let created = steps.first { $0.operation.record == review }?.origin.key
        let key = try (created ?? facts.origin(of: review, in: audience.id)?.key).flatMap { ReviewKey($0) }
        guard let key, key.review(hash) == review else { throw Refusal(.audienceSubject) }
        for step in steps where step.origin.kind == .review && step.operation.record != review {
            throw Refusal(.audienceSubject)
        }
        guard author.person == key.reviewer, author.has(.reviewer) else { throw Refusal(.audienceForbidden) }
        do {
            try checkUnbiased(author, about: key.about.subject(hash))
            try checkScores(steps, of: review)
            try checkSaying(of: review, steps, audience)
        } catch let refusal as Refusal { throw refusal.own }
    }

    private func checkSaying(of review: RecordID, _ steps: [Step], _ audience: Audience) throws {
        let said = try saying(of: review, steps)
        guard try NominationRules.isSubmitted(review, facts) else {
            guard said.revision == nil else { throw Refusal(.reviewFrozen) }
            if said.isSubmitted, !said.advises { throw Refusal(.reviewAdvice) }
            return
        }
        let revision = try facts.decided(review, ReviewField.revision, in: audience.id)?.integer ?? 0
        let (next, overflow) = revision.addingReportingOverflow(1)
        guard !overflow, said.revision == next, !said.isSubmitted else { throw Refusal(.reviewFrozen) }
    }

    /// What a change says of a review beside its words.
    private struct Saying {
        var revision: Int64?
        var isSubmitted = false
        var advises = false
    }

    private func saying(of review: RecordID, _ steps: [Step]) throws -> Saying {
        var said = Saying()
        for operation in steps.map(\.operation) where operation.record == review {
            switch (operation, operation.field) {
            case (.remove, _), (.restore, _): throw Refusal(.reviewLasting)
            case (.write(_, _, _, let value), ReviewField.revision) where said.revision == nil:
                said.revision = value.integer ?? 0
            case (_, ReviewField.revision): throw Refusal(.reviewFrozen)
            case (_, ReviewField.standing): said.isSubmitted = true
            case (_, ReviewField.advice): said.advises = operation.values.contains { !$0.isNull }
            default: continue
            }
        }
        return said
    }

    /// There is one mark on a criterion: its key and its field name the same.
    private func checkScores(_ steps: [Step], of review: RecordID) throws {
        for step in steps where step.origin.kind == .score {
            let key = step.origin.key?.values ?? []
            guard key.first?.record == review else { throw Refusal(.recordKey) }
            for value in step.operation.values {
                switch step.operation.field {
                case ScoreField.criterion:
                    guard value == key.last else { throw Refusal(.recordKey) }
                case ScoreField.score where !value.isNull:
                    guard let score = value.integer, (1...5).contains(score) else {
                        throw Refusal(.reviewScore)
                    }
                default: break
                }
            }
        }
    }
}
