import ArgumentParser
import Foundation

/// The server program: reads its arguments, runs one subcommand, and ends with 0 (done), 1 (not done)
/// or 2 (wrong use).
@main
enum Program {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard Arguments.areUTF8 else { end(Arguments.usage(nil, arguments), 2) }
        do {
            var command = try ServerCommand.parseAsRoot(arguments)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as CommandFailure {
            end(failure.text, 1)
        } catch {
            let status = ServerCommand.exitCode(for: error)
            let text = ServerCommand.fullMessage(for: error)
            if status == .success {
                Terminal.write(text, to: .standardOutput)
                exit(0)
            }
            // Without words the command has said already what is wrong.
            let isWrongUse = status == .validationFailure
            let sentence = ServerCommand.message(for: error)
            end(text.isEmpty ? nil : Arguments.usage(sentence, arguments), isWrongUse ? 2 : 1)
        }
    }

    private static func end(_ text: String?, _ status: Int32) -> Never {
        if let text { Terminal.write(text, to: .standardError) }
        exit(status)
    }
}
