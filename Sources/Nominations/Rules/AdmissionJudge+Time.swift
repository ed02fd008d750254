import ChangeLog

extension AdmissionJudge {
    /// Whether it is the time for this: closing is judged on submissions, and drafts go on.
    func checkTime(of steps: [Step], in audience: Audience) throws -> Admission.Outcome {
        for step in steps {
            if case .create(_, .nomination, _, let key?) = step.operation, let key = NominationKey(key) {
                try checkNominating(in: key.edition)
            }
        }
        guard case .nomination = audience, let key = try key(in: steps, audience) else { return .accept }
        try checkLasting(steps, in: audience)
        try checkContents(of: steps, key)
        guard steps.contains(where: Self.submits) else { return .accept }
        return try checkSubmitting(in: key.edition)
    }

    /// Begun before closing, a nomination may arrive after it.
    private func checkNominating(in edition: RecordID) throws {
        let edition = try decided(edition)
        switch edition.phase {
        case .draft: throw Refusal(.editionNotOpen)
        case .open: return
        case .closed:
            guard let closes = edition.closes, admission.envelope.time.milliseconds <= closes else {
                throw Refusal(.editionClosed)
            }
        }
    }

    /// What the server received before closing is in time, whatever the clock of its author says; so is what was
    /// witnessed before closing, and arrives within the grace period. What only claims to be in time waits for the
    /// secretariat.
    private func checkSubmitting(in edition: RecordID) throws -> Admission.Outcome {
        let edition = try decided(edition)
        guard let closes = edition.closes else {
            switch edition.phase {
            case .draft: throw Refusal(.editionNotOpen)
            case .open: return .accept
            case .closed: throw Refusal(.submissionClosed)
            }
        }
        if edition.phase == .draft { throw Refusal(.editionNotOpen) }
        if admission.receivedMilliseconds <= closes { return .accept }
        if let lodged = try lodged(), lodged <= closes {
            let (grace, overflow) = edition.graceHours.multipliedReportingOverflow(by: 3_600_000)
            let (passed, isBeyond) = admission.receivedMilliseconds.subtractingReportingOverflow(closes)
            let isInGrace = overflow || !isBeyond && passed <= grace
            return isInGrace ? .accept : .hold(Reason(.submissionAfterGrace))
        }
        if admission.envelope.time.milliseconds <= closes { return .hold(Reason(.submissionLate)) }
        throw Refusal(.submissionClosed)
    }

    /// When the code of this very change was told; nil where it never was.
    private func lodged() throws -> Int64? {
        guard let change = admission.hash else { return nil }
        return try facts.rostered(WitnessCode(change).record(hash), WitnessField.lodged)?.instant
    }

    private func decided(_ edition: RecordID) throws -> EditionFacts {
        guard let facts = try EditionFacts(of: edition, in: facts) else { throw Refusal(.editionUnknown) }
        return facts
    }

    private static func submits(_ step: Step) -> Bool {
        if case .create(_, .submission, _, _) = step.operation { return true }
        return step.operation.field == StandingField.standing
            && step.operation.values.contains { $0.text == Standing.submitted.rawValue }
    }

    /// The latest submission in time counts, as it was made. One that could be removed and brought back, or changed,
    /// would let its organisation choose another one after closing.
    private func checkLasting(_ steps: [Step], in audience: Audience) throws {
        for step in steps where [.standing, .submission].contains(step.origin.kind) {
            switch step.operation {
            case .remove, .restore: throw Refusal(.submissionLasting)
            default: break
            }
            guard step.origin.kind == .submission else { continue }
            if try facts.origin(of: step.operation.record, in: audience.id) != nil {
                throw Refusal(.submissionLasting)
            }
        }
    }

    /// A submission is written once, with its content, about this nomination, and has an example.
    private func checkContents(of steps: [Step], _ key: NominationKey) throws {
        var missing: Set<RecordID> = []
        for step in steps {
            switch step.operation {
            case .create(let record, .submission, _, _): missing.insert(record)
            case .write(let record, SubmissionField.content, _, let value):
                guard missing.remove(record) != nil, let content = SubmissionContent(value),
                    content.key == key
                else { throw Refusal(.submissionContent) }
                guard !content.examples.isEmpty else { throw Refusal(.submissionNoExample) }
            case .resolve(_, SubmissionField.content, _, _, _): throw Refusal(.submissionContent)
            default: break
            }
        }
        guard missing.isEmpty else { throw Refusal(.submissionContent) }
    }
}
