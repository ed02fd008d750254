import ArgumentParser
import Nominations

struct PersonSetRoleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-role", abstract: "Give a person these roles and no others.")

    @OptionGroup var options: CommonOptions

    @Argument(help: "The person: an id, the first 6 or more digits of it, or a name.")
    var person: String

    @Argument(help: "Roles: secretariat, member, contact, workgroup, reviewer, auditor.")
    var roles: [String]

    func run() async throws {
        try await options.reporting { _ = try RosterCommands.roles(named: roles) }
        let entry = try await options.perform(SetRolesTask(person: person, roles: roles))
        options.print(entry.document, [entry.line(options.words)])
    }
}
