import ArgumentParser
import VoordrachtClient

struct SubmitCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit", abstract: "Submit a nomination as it stands.",
        discussion: "Later edits are submitted by themselves at each sync.")

    @Argument(help: "The nomination: its id, or the name of its nominee.") var nomination: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.submit(voordracht.find(nomination, among: [.nomination]))
    }
}
