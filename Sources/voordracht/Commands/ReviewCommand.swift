import ArgumentParser
import VoordrachtClient

struct ReviewCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "review", abstract: "Show the merged dossier of a nominee, or who is nominated.")

    @Argument(help: "A name, an alias or a code; without one, all nominees are listed.") var nominee: String?
    @Option(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        guard nominee != nil || edition == nil else {
            throw ValidationError("Name a nominee with --edition.")
        }
    }

    func perform(_ voordracht: Voordracht) async throws -> Either<Dossier, NomineeList> {
        guard let nominee else { return .second(try await voordracht.nominees()) }
        return .first(
            try await voordracht.review(
                nominee, edition: edition.map { Identifier.bare($0) }, in: options.language))
    }
}
