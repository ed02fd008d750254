import ChangeLog
import MunicipalRegister

extension AdmissionJudge {
    /// A recused reviewer says nothing more about the nominee.
    func checkUnbiased(_ author: PersonFacts, about subject: RecordID) throws {
        if try NominationRules.isRecused(author.person, from: subject, facts, hash) {
            throw Refusal(.reviewRecused)
        }
    }

    /// Reviewers recuse themselves; the secretariat recuses anybody, and alone lets somebody in again.
    ///
    /// - Returns: the steps on other records.
    func checkRecusals(_ author: PersonFacts, _ steps: [Step]) throws -> [Step] {
        for step in steps where step.origin.kind == .recusal {
            guard let key = step.origin.key.flatMap({ RecusalKey($0) }) else { throw Refusal(.recordKey) }
            try checkLabel(of: step.operation.record, key, steps)
            if author.has(.secretariat) { continue }
            guard author.person == key.reviewer, author.has(.reviewer) else {
                throw Refusal(.audienceForbidden)
            }
            switch step.operation {
            case .create, .write(_, RecusalField.nominee, _, _), .write(_, RecusalField.edition, _, _),
                .write(_, RecusalField.recused, _, .boolean(true)):
                continue
            default: throw Refusal(.audienceForbidden)
            }
        }
        return steps.filter { $0.origin.kind != .recusal }
    }

    /// The change that creates a recusal says in words what its key says as a hash.
    private func checkLabel(of recusal: RecordID, _ key: RecusalKey, _ steps: [Step]) throws {
        func written(_ field: FieldName) -> Value? {
            for case .write(recusal, field, _, let value) in steps.map(\.operation) { return value }
            return nil
        }
        let isCreated = steps.contains {
            if case .create(recusal, _, _, _) = $0.operation { true } else { false }
        }
        let (nominee, edition) = (written(RecusalField.nominee), written(RecusalField.edition))
        guard isCreated || nominee != nil || edition != nil else { return }
        guard let nominee = nominee?.text.flatMap({ NomineeID(text: $0) }), let edition = edition?.record,
            JuryKey(nominee: nominee, edition: edition).subject(hash) == key.subject
        else { throw Refusal(.recusalSubject) }
    }

    /// A review is its reviewer's. Once submitted it is changed only by changes that count as revisions, so that
    /// everybody sees what was said before others' reviews could be read.
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
        try checkUnbiased(author, about: key.about.subject(hash))
        try checkScores(steps, of: review)
        let revision = try facts.decided(review, ReviewField.revision)?.integer ?? 0
        var (told, isSaidAnew) = (Int64?.none, false)
        for step in steps where step.operation.record == review {
            switch (step.operation, step.operation.field) {
            case (.write(_, _, _, let value), ReviewField.revision): told = value.integer ?? 0
            case (_, ReviewField.revision): throw Refusal(.reviewFrozen)
            case (_, ReviewField.standing), (.remove, _), (.restore, _): isSaidAnew = true
            default: continue
            }
        }
        let isSubmitted = try NominationRules.isSubmitted(review, facts)
        guard isSubmitted ? told == revision + 1 && !isSaidAnew : told == nil else {
            throw Refusal(.reviewFrozen)
        }
    }

    /// There is one mark on a criterion: its key and its field name the same.
    private func checkScores(_ steps: [Step], of review: RecordID) throws {
        for step in steps where step.origin.kind == .score {
            let key = step.origin.key?.values ?? []
            guard key.first?.record == review else { throw Refusal(.recordKey) }
            if case .write(_, ScoreField.criterion, _, let value) = step.operation, value != key.last {
                throw Refusal(.recordKey)
            }
            guard case .write(_, ScoreField.score, _, let value) = step.operation, !value.isNull else {
                continue
            }
            guard let score = value.integer, (1...5).contains(score) else { throw Refusal(.reviewScore) }
        }
    }
}
