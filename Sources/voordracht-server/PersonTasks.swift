import ChangeLog
import Nominations
import SyncServer

/// A person as administrators see them.
struct PersonEntry: Codable, Hashable, Sendable {
    /// `p` and the id; that of the organisation is `r` and the id.
    let record: String
    let name: String
    let roles: [String]
    let organisation: String?
    let organisationName: String?

    init(_ record: RecordID, _ facts: any FactSource) throws {
        let person = try PersonFacts(of: record, in: facts)
        self.record = Reference.text(person: record)
        name = try facts.rostered(record, PersonField.name)?.text ?? ""
        roles = person.roles.map(\.rawValue)
        organisation = person.organisation.map { Reference.text($0) }
        organisationName = try person.organisation.flatMap {
            try facts.rostered($0, OrganisationField.name)?.text
        }
    }

    /// All of them, in rising order of id.
    static func all(_ facts: any FactSource) throws -> [PersonEntry] {
        try facts.records(of: .person, in: Roster.audience).map { try PersonEntry($0, facts) }
    }

    static func find(_ text: String, _ facts: any FactSource) throws -> RecordID {
        let candidates = try all(facts).compactMap { entry in
            Reference.record(entry.record).map {
                NamedRecord(record: $0, name: entry.name, isPerson: true)
            }
        }
        return try NamedRecord.find(text, in: candidates)
    }
}

/// Lists the people, in rising order of id.
struct ListPeopleTask: AdministrationTask {
    static let name = "person.list"

    func perform(in workspace: Workspace) async throws -> [PersonEntry] {
        try await workspace.service.read { try PersonEntry.all($0) }
    }
}

/// Gives a person these roles and no others.
struct SetRolesTask: AdministrationTask {
    static let name = "person.setRole"

    /// An id, its first digits, or a name.
    let person: String
    let roles: [String]

    func perform(in workspace: Workspace) async throws -> PersonEntry {
        let (person, names) = (person, roles)
        let record = try await workspace.service.read { try PersonEntry.find(person, $0) }
        let operation = try NominationError.handingOn { () throws(NominationError) in
            try RosterCommands.setRoles(of: record, to: try RosterCommands.roles(named: names))
        }
        try await workspace.write([operation])
        return try await workspace.service.read { try PersonEntry(record, $0) }
    }
}
