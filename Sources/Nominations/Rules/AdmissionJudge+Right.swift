import ChangeLog

extension AdmissionJudge {
    /// Whether the author belongs where this is written, whatever it says.
    func checkCircle(of author: PersonFacts, in audience: Audience) throws {
        let belongs =
            switch audience {
            case .everyone, .nomination, .review: true
            case .organisation(let organisation): author.nominates(for: organisation)
            case .jury: author.has(.reviewer)
            case .panel: author.has(.reviewer) || author.has(.secretariat)
            case .workgroup: author.has(.workgroup)
            case .person(let owner): author.person == owner
            }
        guard belongs else { throw Refusal(.audienceForbidden) }
        if case .jury(let subject) = audience { try checkUnbiased(author, about: subject) }
    }

    /// Whether the author may take these steps in this audience; whoever may write a field may also
    /// settle its conflicts.
    func checkRight(of author: PersonFacts, to steps: [Step], in audience: Audience) throws {
        switch audience {
        case .everyone:
            if steps.contains(where: { Self.rosterKinds.contains($0.origin.kind) }) {
                throw Refusal(.rosterServerOnly)
            }
            guard author.has(.secretariat) else { throw Refusal(.audienceForbidden) }
            try allow([.edition, .criterion, .assignment], steps)
        case .organisation(let organisation):
            try allow([.nomination, .example, .annotation, .assignment], steps)
            try checkOrganisation(organisation, of: steps)
        case .nomination(let nomination):
            try allow([.standing, .submission, .assignment], steps)
            try checkNomination(nomination, author, steps, audience)
        case .jury: try allow([.annotation, .assignment], steps)
        case .review(let review):
            try allow([.review, .score], steps)
            try checkReview(review, author, steps, audience)
        case .panel:
            try allow([.recusal], steps)
            try checkRecusals(author, steps)
        case .workgroup: try allow([.annotation, .assignment], steps)
        case .person: try allow([.annotation], steps)
        }
    }

    private static let rosterKinds: [RecordKind] = [
        .person, .device, .association, .organisation, .witness, .erasure,
    ]

    private func allow(_ kinds: [RecordKind], _ steps: [Step]) throws {
        for step in steps where !kinds.contains(step.origin.kind) { throw Refusal(.kindMisplaced) }
    }

    /// A nomination stands in the audience of the organisation that its key names.
    private func checkOrganisation(_ organisation: RecordID, of steps: [Step]) throws {
        for step in steps where step.origin.kind == .nomination {
            guard let key = step.origin.key.flatMap({ NominationKey($0) }), key.organisation == organisation
            else { throw Refusal(.nominationOrganisation) }
        }
    }

    /// Standing and submissions are the nominating organisation's; whoever reads may ask somebody to
    /// settle a conflict, but for auditors.
    private func checkNomination(
        _ nomination: RecordID, _ author: PersonFacts, _ steps: [Step], _ audience: Audience
    ) throws {
        for step in steps {
            guard case .create(_, .standing, _, let key?) = step.operation else { continue }
            guard let key = NominationKey(key), key.nomination(hash) == nomination else {
                throw Refusal(.audienceSubject)
            }
        }
        guard let key = try key(in: steps, audience) else { throw Refusal(.audienceForbidden) }
        let isOwner = author.nominates(for: key.organisation)
        for step in steps {
            let mayWrite =
                step.origin.kind == .assignment
                ? isOwner || author.has(.reviewer) || author.has(.secretariat) : isOwner
            guard mayWrite else { throw Refusal(.nominationOrganisation) }
        }
        let subject = JuryKey(nominee: key.nominee, edition: key.edition).subject(hash)
        if !isOwner, try NominationRules.isRecused(author.person, from: subject, facts, hash) {
            throw Refusal(.audienceForbidden)
        }
    }

    /// What the nomination of this audience is, also where this very change tells.
    func key(in steps: [Step], _ audience: Audience) throws -> NominationKey? {
        let own = steps.first { $0.origin.kind == .standing }?.origin.key
        if let own { return NominationKey(own) }
        return try NominationRules.key(of: audience, facts)
    }
}
