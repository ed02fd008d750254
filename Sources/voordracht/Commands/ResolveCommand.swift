import ArgumentParser
import VoordrachtClient

struct ResolveCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "resolve", abstract: "Settle a conflict.")

    @Argument(help: "The id of the conflict, or the beginning of it.") var conflict: String
    @Option(help: "A candidate: c1, c2, … or the id of its change.") var keep: String?
    @Option(help: "A new value.") var value: String?
    @Option(help: ArgumentHelp("A new text from a file in UTF-8; - is standard input.", valueName: "file"))
    var textFile: String?
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        if [keep, value, textFile].compactMap({ $0 }).count != 1 {
            throw ValidationError("Give one of --keep, --value and --text-file")
        }
    }

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        if let keep { return try await voordracht.resolve(conflict, by: .keep(keep)) }
        let text = try TextSource.text(value, file: textFile) ?? ""
        return try await voordracht.resolve(conflict, by: .value(text))
    }
}
