import ArgumentParser
import VoordrachtClient

struct TakeCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "take", abstract: "Take a value out of a set.")

    @Argument var record: String
    @Argument var field: String
    @Argument var value: String
    @OptionGroup var edit: EditOptions
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.take(
            value, from: field, of: voordracht.find(record), on: edit.view(voordracht))
    }
}
