import ArgumentParser
import ChangeLog
import SyncServer

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write database, keys and configuration into one encrypted file, while the server runs.")

    @Argument(help: "The file to make.")
    var file: String

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var options: CommonOptions

    func run() async throws {
        let head = try await options.reporting {
            let backup = Backup(at: file, passphrase: try passphrase.read(options.words))
            return try await backup.write(from: options.desk, in: options.folder)
        }
        options.print(
            .object([("file", .string(file)), ("head", .number(head.value))]),
            [
                options.words(
                    "Reservekopie in \(file), tot en met positie \(head)",
                    "Backup in \(file), up to position \(head)")
            ])
    }
}
