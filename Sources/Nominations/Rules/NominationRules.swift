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
                try mayRead(person, audience, facts)
            },
            organisation: { person, facts in
                try facts.decided(person, PersonField.organisation)?.record
            })
    }

    /// Whether a person may read an audience now; throws what the source throws.
    public static func mayRead(
        _ person: RecordID, _ audience: AudienceID, _ facts: any FactSource
    ) throws -> Bool {
        let reader = try PersonFacts(of: person, in: facts)
        guard reader.isActive, let audience = Audience(audience) else { return false }
        switch audience {
        case .everyone: return true
        case .person(let owner): return owner == person
        case .organisation(let organisation): return reader.nominates(for: organisation)
        case .workgroup: return reader.has(.workgroup)
        case .jury: return reader.has(.reviewer) || reader.has(.secretariat) || reader.has(.auditor)
        case .nomination:
            if reader.has(.reviewer) || reader.has(.secretariat) || reader.has(.auditor) { return true }
            guard let key = try key(of: audience, facts) else { return false }
            return reader.nominates(for: key.organisation)
        }
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
