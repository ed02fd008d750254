import ArgumentParser
import VoordrachtClient

struct WhyCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "why", abstract: "Tell the whole story of a field.")

    @Argument var record: String
    @Argument(help: "A field, or - for the record itself.") var field: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> FieldStory {
        try await voordracht.story(of: field, in: voordracht.find(record))
    }
}
