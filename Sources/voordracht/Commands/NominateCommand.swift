import ArgumentParser
import VoordrachtClient

struct NominateCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "nominate",
        abstract: "Nominate a municipality or a region for your organisation.",
        discussion: "The same nominee is the same record, whoever of your organisation nominates it.")

    @Argument(help: "A name, an alias or a code.") var nominee: String
    @Option(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @Option(help: "Why, in your words.") var motivation: String?
    @Option(help: ArgumentHelp("The same from a file in UTF-8; - is standard input.", valueName: "file"))
    var motivationFile: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.nominate(
            nominee, edition: edition.map { Identifier.bare($0) },
            motivation: TextSource.text(motivation, file: motivationFile))
    }
}
