import ArgumentParser
import Glibc
import VoordrachtClient

/// The program: its subcommands, and how it ends.
struct Program: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voordracht",
        abstract: "Nominate municipalities, offline, and sync with your association.",
        discussion: """
            Everything but enrol, sync, receipt, declined and bundle import works without a network. RECORD is an id, the \
            first 6 or more of its digits, or a name where that is clear. The replica stands in --home, else in \
            $VOORDRACHT_HOME, else in $XDG_DATA_HOME/voordracht.
            """,
        version: "0.1.0",
        subcommands: [
            EnrolCommand.self, WhoamiCommand.self, EditionCommand.self, CriterionCommand.self,
            NominateCommand.self, ExampleCommand.self, SubmitCommand.self, WithdrawCommand.self,
            WitnessCommand.self,
            AnnotateCommand.self, AssessCommand.self, RecuseCommand.self, SetCommand.self, TextCommand.self,
            AddCommand.self, TakeCommand.self,
            RemoveCommand.self, ListCommand.self, ShowCommand.self, SearchCommand.self, WhyCommand.self,
            LogCommand.self, SyncCommand.self, StatusCommand.self, ConflictsCommand.self,
            ResolveCommand.self, AssignCommand.self, TrayCommand.self, DeclinedCommand.self,
            ReviewCommand.self,
            DigestCommand.self, ReceiptCommand.self, VerifyReceiptCommand.self, BundleCommand.self,
        ])

    /// Reads the arguments, does what they say, and ends the process with 0, 1 or 2.
    static func run() async -> Never {
        let terminal = Terminal.standard
        guard let arguments = Arguments.read() else {
            // With the bad letters mended, options can still be told apart.
            let mended = CommandLine.arguments
            let language = Arguments.language(in: mended) ?? Surroundings.language
            terminal.fail(
                UsageFailure.encoding.failure(in: language), isJSON: mended.contains("--json"))
            Glibc.exit(2)
        }
        do {
            var command = try parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
            Glibc.exit(0)
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue == ExitCode.validationFailure.rawValue ? 2 : code.rawValue)
        } catch {
            if exitCode(for: error).isSuccess {
                terminal.say(fullMessage(for: error))
                Glibc.exit(0)
            }
            let language = Arguments.language(in: arguments) ?? Surroundings.language
            let failure = UsageFailure.arguments(message(for: error)).failure(in: language)
            terminal.fail(failure, isJSON: arguments.contains("--json"))
            Glibc.exit(2)
        }
    }
}
