import ArgumentParser
import VoordrachtClient

struct SetCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Set a field that is written whole.")

    @Argument var record: String
    @Argument var field: String
    @Argument(help: "Read by the type of the field; '' for nothing.") var value: String
    @OptionGroup var edit: EditOptions
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.set(
            field, of: voordracht.find(record), to: value, on: edit.view(voordracht))
    }
}
