import ArgumentParser
import VoordrachtClient

struct SearchCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "search", abstract: "Find the records that show these words.")

    @Argument(help: "Words, or beginnings of words.") var words: [String]
    @Option(help: "At most so many.") var limit = 50
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> RecordPage {
        try await voordracht.search(words.joined(separator: " "), limit: limit)
    }
}
