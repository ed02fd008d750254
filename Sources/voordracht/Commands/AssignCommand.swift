import ArgumentParser
import VoordrachtClient

struct AssignCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "assign", abstract: "Ask somebody to settle a conflict.")

    @Argument(help: "The id of the conflict, or the beginning of it.") var conflict: String
    @Argument(help: "A person: the name or the id.") var person: String
    @Option(help: "What you would like them to know.") var note: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.assign(conflict, to: voordracht.findPerson(person), note: note)
    }
}
