import ArgumentParser
import VoordrachtClient

struct CriterionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "criterion", abstract: "Say what an edition looks for.",
        subcommands: [CriterionAddCommand.self, CriterionListCommand.self])
}

struct CriterionAddCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Add a criterion to an edition.")

    @Argument var name: String
    @Option(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @Option(help: "How heavily it counts.") var weight: Int?
    @Option(help: "What it means.") var description: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.addCriterion(
            name, description: description, weight: weight, edition: edition.map { Identifier.bare($0) })
    }
}

struct CriterionListCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the criteria.")

    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> RecordPage {
        try await voordracht.list("criterion")
    }
}
