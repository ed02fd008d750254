import ArgumentParser
import VoordrachtClient

struct StatusCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show what is queued, held, refused and in conflict, and why it is not going on.")

    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> ReplicaStatus {
        try await voordracht.status(in: options.language)
    }
}
