import ArgumentParser
import VoordrachtClient

struct ShowCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show a record with all its fields.")

    @Argument var record: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> RecordDetails {
        try await voordracht.details(of: voordracht.find(record))
    }
}
