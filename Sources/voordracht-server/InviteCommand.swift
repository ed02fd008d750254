import ArgumentParser
import Nominations

/// Makes a one-time link for the device of a person, new or known.
struct InviteCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "invite",
        abstract: "Print a one-time enrolment link for a new person, or for a known one.")

    @OptionGroup var options: CommonOptions

    @Option(help: "The name of a new person.")
    var name: String?

    @Option(help: "The member organisation that the new person works for: a name or KvK number.")
    var organisation: String?

    @Option(
        name: .customLong("role"), parsing: .upToNextOption,
        help: "What the new person may do; one or more roles, and may be given again.")
    var roles: [String] = []

    @Option(name: .customLong("for"), help: "A person who is known: a further device.")
    var person: String?

    @Option(name: .customLong("valid"), help: "Days in which the link can be used.")
    var days = 14

    func validate() throws {
        switch (name, person) {
        case (nil, nil): throw ValidationError("Give --name for a new person, or --for for one who is known.")
        case (_?, _?): throw ValidationError("Give either --name or --for.")
        case (nil, _?):
            guard roles.isEmpty, organisation == nil else {
                throw ValidationError(
                    "--role and --organisation are for a new person; see person set-role.")
            }
        case (_?, nil):
            guard !roles.isEmpty else { throw ValidationError("Give the new person a --role.") }
            let nominates = roles.contains { ["member", "contact"].contains($0.lowercased()) }
            if nominates, organisation == nil {
                throw ValidationError("A member or contact works for an --organisation.")
            }
        }
        guard (1...365).contains(days) else { throw ValidationError("A link is valid for 1 to 365 days.") }
    }

    func run() async throws {
        try await options.reporting { _ = try RosterCommands.roles(named: roles) }
        let answer: InvitationAnswer
        if let name {
            answer = try await options.perform(
                InvitePersonTask(person: name, organisation: organisation, roles: roles, days: days))
        } else {
            answer = try await options.perform(InviteAgainTask(person: person ?? "", days: days))
        }
        let until = options.words.moment(answer.expires)
        options.note(
            options.words(
                "Link voor \(answer.name), eenmalig en geldig tot \(until):",
                "Link for \(answer.name), to be used once and until \(until):"))
        options.print(
            .object([
                ("person", .string(answer.person)), ("link", .string(answer.link)),
                ("expires", .time(answer.expires)),
            ]), [answer.link])
    }
}
