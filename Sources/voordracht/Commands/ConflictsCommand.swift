import ArgumentParser
import VoordrachtClient

struct ConflictsCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "conflicts", abstract: "List what is to be settled.")

    @Argument(help: "Only those of this record.") var record: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> ConflictList {
        guard let record else { return try await voordracht.conflicts() }
        return try await voordracht.conflicts(of: voordracht.find(record))
    }
}
