import ArgumentParser
import VoordrachtClient

struct ExampleCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "example", abstract: "Add an example to a nomination.")

    @Argument(help: "The nomination: its id, or the name of its nominee.") var nomination: String
    @Option var title: String
    @Option(help: "What happened there.") var description: String?
    @Option(help: ArgumentHelp("The same from a file in UTF-8; - is standard input.", valueName: "file"))
    var descriptionFile: String?
    @Option(help: "A criterion that it is an example of; may be repeated.") var criterion: [String] = []
    @Option var place: String?
    @Option var period: String?
    @Option(help: "Where it can be checked.") var evidence: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.addExample(
            to: voordracht.find(nomination, among: [.nomination]), title: title,
            description: TextSource.text(description, file: descriptionFile),
            criteria: criterion.map { Identifier.bare($0) }, place: place, period: period,
            evidence: evidence)
    }
}
