import ChangeLog
import Cryptography
import Nominations
import SyncServer

/// The domain that this server keeps, and what its administrators can ask beside the engine's tasks.
enum Domain {
    static let hash: HashFunction = { bytes in
        guard let hash = ChangeHash(bytes: SHA256.hash(bytes).bytes) else {
            preconditionFailure("a SHA-256 digest has 32 bytes")
        }
        return hash
    }

    static let rules = NominationRules.rules(hash: hash)

    static var tasks: TaskCatalogue {
        var catalogue = TaskCatalogue()
        catalogue.add(AddOrganisationsTask.self)
        catalogue.add(ListOrganisationsTask.self)
        catalogue.add(ListPeopleTask.self)
        catalogue.add(SetRolesTask.self)
        catalogue.add(InvitePersonTask.self)
        catalogue.add(InviteAgainTask.self)
        catalogue.add(WitnessTask.self)
        catalogue.add(EraseTask.self)
        catalogue.add(ListHeldSubmissionsTask.self)
        return catalogue
    }
}

extension Workspace {
    /// Writes in the roster.
    func write(_ operations: [Operation]) async throws {
        try await write(operations, in: Roster.audience)
    }
}

extension NominationError {
    /// The same in English words that a running server can send to the command that asked.
    var forAdministrators: AdministrationError {
        AdministrationError(
            reason: Reason(code: code.rawValue, message: message, remedy: remedy), arguments: arguments,
            suggestions: suggestions)
    }

    /// Lets an error of the domain leave a task.
    static func handingOn<Result>(
        _ body: () throws(NominationError) -> Result
    ) throws(AdministrationError) -> Result {
        do {
            return try body()
        } catch {
            throw error.forAdministrators
        }
    }
}
