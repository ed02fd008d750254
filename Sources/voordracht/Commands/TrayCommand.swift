import ArgumentParser
import VoordrachtClient

struct TrayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tray", abstract: "Look after changes that were refused.",
        subcommands: [
            TrayListCommand.self, TrayShowCommand.self, TrayRetryCommand.self, TrayEditCommand.self,
            TrayExportCommand.self, TrayDropCommand.self,
        ])
}

struct TrayListCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the tray.")

    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> TrayList {
        try await voordracht.tray(in: options.language)
    }
}

struct TrayShowCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an entry with all that follows it.")

    @Argument(help: "The id of the entry, or its number.") var entry: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> TrayList {
        try await voordracht.trayEntry(entry, in: options.language)
    }
}

struct TrayRetryCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Send an entry again, on the view that it was made on.")

    @Argument(help: "The id of the entry, or its number.") var entry: String?
    @Flag(help: "All that is in the tray.") var all = false
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        guard all == (entry == nil) else { throw ValidationError("Name an entry, or give --all.") }
    }

    func perform(_ voordracht: Voordracht) async throws -> Either<TrayOutcome, TrayOutcomes> {
        guard let entry else { return .second(try await voordracht.retryAll(in: options.language)) }
        return .first(try await voordracht.retry(entry))
    }
}

struct TrayEditCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit", abstract: "Send an entry again with another value in a field.")

    @Argument(help: "The id of the entry, or its number.") var entry: String
    @Argument var field: String
    @Argument(help: "The value; or give --file.") var value: String?
    @Option(help: "A file in UTF-8; - is standard input.") var file: String?
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        if (value == nil) == (file == nil) { throw ValidationError("Give a value or --file") }
    }

    func perform(_ voordracht: Voordracht) async throws -> TrayOutcome {
        let text = try TextSource.text(value, file: file) ?? ""
        return try await voordracht.retry(entry, with: text, in: field)
    }
}

struct TrayExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write an entry as JSON, to keep or to send.")

    @Argument(help: "The id of the entry, or its number.") var entry: String
    @Option(help: "A file; by default standard output.") var output: String?
    @OptionGroup var options: ReplicaOptions

    func run() async throws {
        try await options.reporting {
            let text = try await options.open().trayEntry(entry, in: options.language).json.text
            guard let output else { return Terminal.standard.say(text) }
            try TextSource.write(text + "\n", toFile: output)
        }
    }
}

struct TrayDropCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "Take an entry out of the tray for good.")

    @Argument(help: "The id of the entry, or its number.") var entry: String
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> TrayOutcome {
        try await voordracht.drop(entry)
    }
}
