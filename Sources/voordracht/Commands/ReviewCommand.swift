import ArgumentParser
import VoordrachtClient

struct ReviewCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Show the merged dossier of a nominee.")

    @Argument(help: "A name, an alias or a code.") var nominee: String
    @Option(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Dossier {
        try await voordracht.review(
            nominee, edition: edition.map { Identifier.bare($0) }, in: options.language)
    }
}
