import ArgumentParser
import VoordrachtClient

struct WitnessCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness", abstract: "Show the code of a submission that cannot be sent before closing.",
        discussion: """
            Tell it to the secretariat before closing, by phone or mail. The submission is in time then, if it \
            arrives within the grace period of the edition.
            """)

    @Argument(help: "The nomination: its id, or the name of its nominee.") var nomination: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> WitnessReport {
        try await voordracht.witness(of: voordracht.find(nomination, among: [.nomination]))
    }
}
