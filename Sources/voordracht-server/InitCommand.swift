import ArgumentParser
import ChangeLog
import Nominations
import SyncServer

/// Makes a server and invites the first secretariat.
struct InitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Make a new server; prints the first secretariat's enrolment link.")

    @OptionGroup var options: CommonOptions

    @Option(
        name: .customLong("address"),
        help: "HOST:PORT under which devices reach the server; may be given several times.")
    var addresses: [NetworkAddress] = []

    @Option(help: "The name of the association.")
    var association: String?

    /// Days in which the first link can be used.
    private static let validity = 14

    func validate() throws {
        if let association, association.allSatisfy(\.isWhitespace) {
            throw ValidationError("The association has a name, or leave --association out.")
        }
    }

    func run() async throws {
        let answer = try await options.reporting {
            let workspace = try await make()
            let answer = try await options.settle(workspace) { try await open($0) }
            return answer
        }
        if answer.address.port == 0 {
            options.note(
                options.words(
                    "De link draagt poort 0: maak een nieuwe met `invite --for` als de server loopt.",
                    "The link carries port 0: make another with `invite --for` once the server runs."))
        }
        let invitation = answer.invitation
        options.note(
            options.words(
                "Link voor het secretariaat, eenmalig:", "Link for the secretariat, to be used once:"))
        options.print(
            .object([
                ("person", .string(invitation.person)), ("link", .string(invitation.link)),
                ("expires", .time(invitation.expires)), ("epoch", .string(answer.epoch)),
                ("address", .string(answer.address.description)),
            ]), [invitation.link])
    }

    private func make() async throws -> Workspace {
        let configuration = WorkspaceConfiguration(addresses: addresses, association: association ?? "")
        return try await Workspace.create(
            at: options.folder, configuration: configuration, rules: Domain.rules,
            environment: options.environment)
    }

    private struct Opening {
        let invitation: InvitationAnswer
        let epoch: String
        let address: NetworkAddress
    }

    private func open(_ workspace: Workspace) async throws -> Opening {
        if let association {
            let outcome = try RosterCommands.association(named: association, hash: Domain.hash)
            try await workspace.write(outcome.operations)
        }
        let name = options.words("Secretariaat", "Secretariat")
        let task = InvitePersonTask(
            person: name, organisation: nil, roles: [Role.secretariat.rawValue], days: Self.validity)
        return Opening(
            invitation: try await task.perform(in: workspace),
            epoch: await workspace.service.head().0.description, address: workspace.configuration.address)
    }
}

extension CommonOptions {
    /// Works in a folder that this process has, and closes it whatever happens.
    func settle<Result>(
        _ workspace: Workspace, _ body: (Workspace) async throws -> Result
    ) async throws -> Result {
        do {
            let result = try await body(workspace)
            await workspace.close()
            return result
        } catch {
            await workspace.close()
            throw error
        }
    }
}
