import ChangeLog
import Nominations
import SyncServer

/// What an administrator hands to a person.
struct InvitationAnswer: Codable, Hashable, Sendable {
    let person: String
    let name: String
    let link: String
    /// Milliseconds since 1970 UTC.
    let expires: Int64
}

extension Workspace {
    func invite(_ person: RecordID, days: Int) async throws -> InvitationAnswer {
        guard (1...365).contains(days) else {
            throw AdministrationError(.validityOutOfRange, String(days))
        }
        let invitation = try await service.invite(
            person: person, validMilliseconds: Int64(days) * 86_400_000)
        let entry = try await service.read { try PersonEntry(person, $0) }
        return InvitationAnswer(
            person: entry.record, name: entry.name, link: link(for: invitation),
            expires: invitation.expiresMilliseconds)
    }
}

/// Adds a person and makes the link for their first device.
struct InvitePersonTask: AdministrationTask {
    static let name = "invite"

    let person: String
    /// A number in the trade register, a name or an id; nil for somebody of no member organisation.
    let organisation: String?
    let roles: [String]
    let days: Int

    func perform(in workspace: Workspace) async throws -> InvitationAnswer {
        let organisation = organisation
        let employer = try await workspace.service.read { facts in
            try organisation.map { try OrganisationEntry.find($0, facts) }
        }
        let (person, names, fresh) = (person, roles, workspace.freshRecord())
        let outcome = try NominationError.handingOn { () throws(NominationError) in
            try RosterCommands.addPerson(
                named: person, roles: try RosterCommands.roles(named: names), organisation: employer,
                fresh: fresh)
        }
        // Before the person is written: a bad number of days must not leave somebody without a link.
        guard (1...365).contains(days) else {
            throw AdministrationError(.validityOutOfRange, String(days))
        }
        // As it was written down.
        let name = outcome.operations.lazy.compactMap { operation in
            if case .write(_, PersonField.name, _, .text(let text)) = operation { text } else { nil }
        }.first
        let known = try await workspace.write(outcome.operations, in: Roster.audience) { facts in
            try PersonEntry.all(facts).first { entry in
                !entry.roles.isEmpty && Array(entry.name.utf8) == name.map { Array($0.utf8) }
                    && entry.organisation == employer.map { Reference.text($0) }
            }
        }
        if let known { throw NominationError(.personExists, [known.name, known.record]).forAdministrators }
        return try await workspace.invite(outcome.record, days: days)
    }
}

/// Makes a link for a further device of somebody who is known.
struct InviteAgainTask: AdministrationTask {
    static let name = "invite.again"

    /// An id, its first digits, or a name.
    let person: String
    let days: Int

    func perform(in workspace: Workspace) async throws -> InvitationAnswer {
        let person = person
        let record = try await workspace.service.read { try PersonEntry.find(person, $0) }
        return try await workspace.invite(record, days: days)
    }
}
