import ArgumentParser
import VoordrachtClient

struct BundleCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bundle", abstract: "Carry unsent edits to the server in a file.",
        subcommands: [BundleExportCommand.self, BundleImportCommand.self])
}

struct BundleExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write what waits to be sent into a file that only the server can read.",
        discussion: """
            Works without a network. Everybody who is enrolled can import the file. The edits stay in the queue \
            here until a sync brings what the server decided.
            """)

    @Argument(help: "The file to make.") var file: String
    @OptionGroup var options: ReplicaOptions

    func run() async throws {
        try await options.reporting {
            let voordracht = try options.open()
            try BundleFile.checkFree(file)
            let bundle = try await voordracht.exportBundle()
            try BundleFile.write(bundle.file, to: file)
            options.print(bundle)
        }
    }
}

struct BundleImportCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Hand a file of somebody's unsent edits to the server.",
        discussion: "Needs a network. Shows how many edits the server took, and nothing of what they say.")

    @Argument(help: "The file that bundle export wrote.") var file: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> DeliveredBundle {
        try await voordracht.importBundle(try BundleFile.read(file))
    }
}
