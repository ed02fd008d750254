import ArgumentParser
import VoordrachtClient

struct VerifyReceiptCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify-receipt", abstract: "Check a receipt, without the server.",
        discussion: """
            Where a replica stands in the folder, the receipt is compared with its server and with what it \
            has seen; without one it is checked for itself, and the key of the server is yours to compare.
            """)

    @Argument(help: "The file, or - for standard input.") var file: String
    @OptionGroup var options: ReplicaOptions

    func run() async throws {
        try await options.reporting {
            let text = try TextSource.text(inFile: file)
            guard let voordracht = try replica() else {
                return options.print(try Voordracht.verify(receipt: text))
            }
            options.print(try await voordracht.verify(receipt: text))
        }
    }

    /// nil where none was named and none stands in the usual place.
    private func replica() throws -> Voordracht? {
        do { return try options.open() } catch {
            let isAbsent = Failure(error, in: .english).code == "replica.notEnrolled"
            guard isAbsent, options.home == nil else { throw error }
            return nil
        }
    }
}
