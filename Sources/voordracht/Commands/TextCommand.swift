import ArgumentParser
import VoordrachtClient

struct TextCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "text", abstract: "Make a text read as a file does.",
        discussion: "What is recorded is the difference, so others' edits of the same text stay.")

    @Argument var record: String
    @Argument var field: String
    @Option(help: "A file in UTF-8; - is standard input.") var file: String
    @OptionGroup var edit: EditOptions
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.write(
            field, of: voordracht.find(record), TextSource.text(inFile: file), on: edit.view(voordracht))
    }
}
