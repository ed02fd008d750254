import ArgumentParser
import VoordrachtClient

struct WithdrawCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Withdraw a submitted nomination; its draft stays.")

    @Argument(help: "The nomination: its id, or the name of its nominee.") var nomination: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.withdraw(voordracht.find(nomination, among: [.nomination]))
    }
}
