import ArgumentParser
import VoordrachtClient

struct ReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "receipt", abstract: "Get the proof of what was received of a nomination, and when.",
        discussion: """
            Asks the server for the receipt of the latest submission, and writes it to a file that anybody \
            can check with verify-receipt, without the server.
            """)

    @Argument(help: "The nomination: its id, or the name of its nominee.") var nomination: String
    @Option(help: ArgumentHelp("The file to write.", valueName: "file")) var output: String
    @OptionGroup var options: ReplicaOptions

    func run() async throws {
        try await options.reporting {
            let voordracht = try options.open()
            let record = try await voordracht.find(nomination, among: [.nomination])
            let (file, report) = try await voordracht.receipt(of: record)
            try TextSource.write(file, toFile: output)
            options.print(report)
        }
    }
}
