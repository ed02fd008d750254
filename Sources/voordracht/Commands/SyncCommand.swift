import ArgumentParser
import VoordrachtClient

struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync", abstract: "Exchange edits with the server.",
        discussion: "Ends with 0 when the exchange was complete, also where the server refused changes.")

    @Flag(help: "Stay connected until interrupted; one line for each exchange.") var watch = false
    @Flag(help: "Only show what would be sent.") var dryRun = false
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        if watch && dryRun { throw ValidationError("--watch and --dry-run exclude each other") }
    }

    func run() async throws {
        try await options.reporting {
            let voordracht = try options.open()
            if dryRun { return options.print(try await voordracht.outgoing()) }
            if watch { return try await stayConnected(voordracht) }
            let report = try await voordracht.sync(in: options.language)
            options.print(report)
            if let failure = report.error {
                Terminal.standard.fail(failure, isJSON: options.json)
            }
            if !report.isComplete { throw ExitCode(1) }
        }
    }

    private func stayConnected(_ voordracht: Voordracht) async throws {
        let (options, language) = (options, options.language)
        let watching = Task {
            try await voordracht.watch(in: language) { report in
                options.print(report)
                if !options.json, let failure = report.error {
                    Terminal.standard.fail(failure, isJSON: false)
                }
            }
        }
        let signals = Interruption { watching.cancel() }
        try await watching.value
        signals.end()
    }
}
