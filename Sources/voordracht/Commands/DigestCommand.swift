import ArgumentParser
import VoordrachtClient

struct DigestCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "digest", abstract: "Show one hash per audience over the accepted state.")

    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> AcceptedState { try await voordracht.digest() }
}
