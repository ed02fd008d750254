import ArgumentParser
import VoordrachtClient

struct EditionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edition", abstract: "Prepare, open and close editions of the award.",
        subcommands: [
            EditionCreateCommand.self, EditionOpenCommand.self, EditionCloseCommand.self,
            EditionListCommand.self, EditionShowCommand.self,
        ])
}

struct EditionOpenCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open an edition for nominations.")

    @Argument(help: "A year, a name or an id.") var edition: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.perform(OpenEdition(edition: Identifier.bare(edition)))
    }
}

struct EditionCloseCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close an edition: nothing is submitted any more.")

    @Argument(help: "A year, a name or an id.") var edition: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.perform(CloseEdition(edition: Identifier.bare(edition)))
    }
}

struct EditionListCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the editions.")

    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> RecordPage {
        try await voordracht.list("edition")
    }
}

struct EditionShowCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an edition with its criteria.")

    @Argument(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> RecordDetails {
        try await voordracht.details(
            of: voordracht.findEdition(edition.map { Identifier.bare($0) }))
    }
}
