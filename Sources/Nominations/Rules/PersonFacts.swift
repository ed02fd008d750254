public import ChangeLog

/// What is decided about a person.
public struct PersonFacts: Hashable, Sendable {
    public let person: RecordID
    /// In the order of ``Role``; texts that this version does not know are left out.
    public let roles: [Role]
    /// The member organisation that the person works for.
    public let organisation: RecordID?

    public init(person: RecordID, roles: [Role], organisation: RecordID?) {
        self.person = person
        self.roles = roles
        self.organisation = organisation
    }

    /// Throws what the source throws.
    public init(of person: RecordID, in facts: any FactSource) throws {
        self.init(
            person: person, roles: try facts.rostered(person, PersonField.roles),
            organisation: try facts.rostered(person, PersonField.organisation))
    }

    /// Reads the values of the two fields; one of another type counts as absent.
    init(person: RecordID, roles: Value?, organisation: Value?) {
        let names = (roles?.list ?? []).compactMap(\.text)
        self.init(
            person: person, roles: Role.allCases.filter { names.contains($0.rawValue) },
            organisation: organisation?.record)
    }

    /// Somebody without a role reads and writes nothing.
    public var isActive: Bool { !roles.isEmpty }

    public func has(_ role: Role) -> Bool { roles.contains(role) }

    /// Whether the person reads what is submitted and what reviewers say about it.
    public var judges: Bool { has(.reviewer) || has(.secretariat) || has(.auditor) }

    /// Whether the person nominates for this organisation.
    public func nominates(for organisation: RecordID) -> Bool {
        self.organisation == organisation && (has(.member) || has(.contact))
    }
}
