import ArgumentParser
import VoordrachtClient

struct ListCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the records of a kind.")

    @Argument(help: "nomination, example, annotation, organisation, person, edition, criterion, …")
    var kind: String
    @Option(help: "At most so many.") var limit: Int?
    @Option(help: "Begin behind this record: next of the part before.") var after: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> RecordPage {
        var last: RecordID?
        if let after { last = try await voordracht.find(after) }
        return try await voordracht.list(kind, limit: limit, after: last)
    }
}
