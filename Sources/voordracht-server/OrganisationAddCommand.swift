import ArgumentParser
import ChangeLog
import Nominations

struct OrganisationAddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a member organisation; with the same KvK number, rename it.")

    @OptionGroup var options: CommonOptions

    @Argument(help: "Its name.")
    var name: String

    @Option(help: "Its number in the trade register, eight digits.")
    var kvk: String?

    func run() async throws {
        try await options.reporting { try Self.check(name: name, kvk: kvk) }
        let answer = try await options.perform(
            AddOrganisationsTask(rows: [AddOrganisationsTask.Row(name: name, kvk: kvk)]))
        for entry in answer.organisations { options.print(entry.document, [entry.line]) }
    }

    /// Says what is wrong here, where it can be said in the user's language.
    static func check(name: String, kvk: String?) throws(NominationError) {
        _ = try RosterCommands.addOrganisation(
            named: name, kvk: kvk, fresh: RecordID(Identifier128(high: 0, low: 0)), hash: Domain.hash)
    }
}
