import ArgumentParser
import VoordrachtClient

struct AnnotateCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "annotate", abstract: "Make a remark on a nominee, a record or another remark.")

    @Argument(help: "A nominee, or a nomination, example or annotation.") var target: String
    @Option(help: "The remark.") var body: String?
    @Option(help: ArgumentHelp("The same from a file in UTF-8; - is standard input.", valueName: "file"))
    var bodyFile: String?
    @Option(help: "strength, concern, contradiction or question.") var stance: Stance?
    @Option(help: "The passage that it is about, word for word.") var quote: String?
    @Option(
        help: "person, organisation, workgroup or jury; by default the widest that your role has.")
    var visibility: Visibility?
    @Option(help: "A criterion that it is about; may be repeated.") var criterion: [String] = []
    @Option(help: "Of the nominee: a year, a name or an id; by default the only open one.")
    var edition: String?
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        if body == nil && bodyFile == nil { throw ValidationError("Missing --body or --body-file") }
    }

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.annotate(
            voordracht.findTarget(target, edition: edition.map { Identifier.bare($0) }),
            body: TextSource.text(body, file: bodyFile) ?? "", stance: stance, quote: quote,
            criteria: criterion.map { Identifier.bare($0) }, visibility: visibility)
    }
}
