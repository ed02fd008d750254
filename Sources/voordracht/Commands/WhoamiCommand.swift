import ArgumentParser
import VoordrachtClient

struct WhoamiCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "whoami", abstract: "Show whose replica this is, and which server it belongs to.")

    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Profile { try await voordracht.profile() }
}
