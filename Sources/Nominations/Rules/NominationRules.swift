public import ChangeLog

/// The rules of this domain: who may write and read what, and until when.
///
/// They are pure and total, and read nothing but the change and decided facts. On a client the facts
/// are to include the own changes that are still on their way: a person edits what was created a
/// minute ago, without a network.
public enum NominationRules {
    /// The rules, given the hash that makes ids out of natural keys (SHA-256).
    public static func rules(hash: @escaping HashFunction) -> DomainRules {
        DomainRules(
            schema: NominationSchema.schema,
            admit: { admission, facts in
                try AdmissionJudge(admission: admission, facts: facts, hash: hash).outcome()
            },
            mayRead: { person, audience, facts in
                try mayRead(person, audience, facts, hash: hash)
            },
            organisation: { person, facts in
                try facts.rostered(person, PersonField.organisation)?.record
            },
            looksAfter: { person, author, facts in
                let contact = try PersonFacts(of: person, in: facts)
                guard contact.has(.contact), let organisation = contact.organisation else { return false }
                return try PersonFacts(of: author, in: facts).organisation == organisation
            }, lodging: .submissions(hash: hash))
    }

    /// Whether a person may read an audience now; throws what the source throws.
    public static func mayRead(
        _ person: RecordID, _ audience: AudienceID, _ facts: any FactSource, hash: HashFunction
    ) throws -> Bool {
        let reader = try PersonFacts(of: person, in: facts)
        guard reader.isActive, let audience = Audience(audience) else { return false }
        switch audience {
        case .everyone: return true
        case .person(let owner): return owner == person
        case .organisation(let organisation): return reader.nominates(for: organisation)
        case .workgroup: return reader.has(.workgroup)
        case .panel: return reader.judges
        case .jury(let subject):
            return try reader.judges && !isRecused(person, from: subject, facts, hash)
        case .nomination:
            // It begins with the standing that tells whose it is.
            guard let key = try key(of: audience, facts) else { return false }
            if reader.nominates(for: key.organisation) { return true }
            let about = JuryKey(nominee: key.nominee, edition: key.edition)
            return try reader.judges && !isRecused(person, from: about.subject(hash), facts, hash)
        case .review(let review):
            return try mayRead(reader, review, in: audience.id, facts, hash)
        }
    }

    /// A review is its author's until it is submitted; then it is read by whoever runs or audits the award, and by
    /// those reviewers who have submitted their own about the same nominee. Another role makes no reviewer see more.
    private static func mayRead(
        _ reader: PersonFacts, _ review: RecordID, in audience: AudienceID, _ facts: any FactSource,
        _ hash: HashFunction
    ) throws -> Bool {
        guard let key = try facts.origin(of: review, in: audience)?.key.flatMap({ ReviewKey($0) }),
            try !isRecused(reader.person, from: key.about.subject(hash), facts, hash)
        else { return false }
        if key.reviewer == reader.person { return reader.has(.reviewer) }
        guard try isSubmitted(review, facts) else { return false }
        guard reader.has(.reviewer) else { return reader.judges }
        return try isSubmitted(ReviewKey(reviewer: reader.person, about: key.about).review(hash), facts)
    }

    /// Whether a review is what its author stands for.
    static func isSubmitted(_ review: RecordID, _ facts: any FactSource) throws -> Bool {
        try facts.decided(review, ReviewField.standing, in: Audience.review(review).id)?.text
            == ReviewField.submitted
    }

    /// Whether a person has nothing to do with the judging of a nominee.
    static func isRecused(
        _ person: RecordID, from subject: RecordID, _ facts: any FactSource, _ hash: HashFunction
    ) throws -> Bool {
        let recusal = RecusalKey(reviewer: person, subject: subject).recusal(hash)
        return try facts.decided(recusal, RecusalField.recused, in: Audience.panel.id) == .boolean(true)
    }

    /// What the nomination of an audience is, told by its standing; nil before there is one.
    static func key(of audience: Audience, _ facts: any FactSource) throws -> NominationKey? {
        for record in try facts.records(of: .standing, in: audience.id) {
            if let key = try facts.origin(of: record, in: audience.id)?.key.flatMap({ NominationKey($0) }) {
                return key
            }
        }
        return nil
    }
}
