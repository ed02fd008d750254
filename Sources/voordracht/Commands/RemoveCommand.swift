import ArgumentParser
import VoordrachtClient

struct RemoveCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a record with all that it contains.")

    @Argument var record: String
    @OptionGroup var edit: EditOptions
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.remove(voordracht.find(record), on: edit.view(voordracht))
    }
}
