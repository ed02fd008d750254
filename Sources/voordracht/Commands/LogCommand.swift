import ArgumentParser
import VoordrachtClient

struct LogCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "log", abstract: "Show the changes, newest first.")

    @Argument(help: "Only those of this record.") var record: String?
    @Option(help: "At most so many.") var limit = 100
    @Option(help: "Begin below this position: next of the part before.") var after: UInt64?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> ChangeList {
        var about: RecordID?
        if let record { about = try await voordracht.find(record) }
        return try await voordracht.log(of: about, limit: limit, after: after.map { Position($0) })
    }
}
