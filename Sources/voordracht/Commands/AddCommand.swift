import ArgumentParser
import VoordrachtClient

struct AddCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Put a value into a set.")

    @Argument var record: String
    @Argument var field: String
    @Argument var value: String
    @OptionGroup var edit: EditOptions
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.add(value, to: field, of: voordracht.find(record), on: edit.view(voordracht))
    }
}
