import ArgumentParser
import ChangeLog
import SyncServer

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make the server of a backup in an empty folder; it begins a new epoch there.")

    @Argument(help: "A file that `backup` has made.")
    var file: String

    @OptionGroup var passphrase: PassphraseOptions
    @OptionGroup var options: CommonOptions

    func run() async throws {
        let record = try await options.reporting {
            let backup = Backup(at: file, passphrase: try passphrase.read(options.words))
            let (workspace, record) = try await backup.restore(
                to: options.folder, rules: Domain.rules, environment: options.environment)
            await workspace.close()
            return record
        }
        options.print(
            .object([
                ("epoch", .string(record.epoch.description)), ("parent", .string(record.parent.description)),
                ("head", .number(record.point.value)),
            ]),
            [
                options.words(
                    "Teruggezet tot en met positie \(record.point); tijdperk \(record.epoch) begint",
                    "Restored up to position \(record.point); epoch \(record.epoch) begins")
            ])
        options.note(
            options.words(
                "Apparaten bieden vanzelf opnieuw aan wat daarna kwam. Personen, rollen en apparaten van daarna "
                    + "voert u opnieuw in; zo’n apparaat meldt zich opnieuw aan in zijn eigen map. Intrekkingen en "
                    + "wissingen van daarna gelden weer zodra een apparaat synchroniseert dat ze heeft gezien; herhaal tot "
                    + "dan wat niet kan wachten.",
                "Devices offer what came later again by themselves. People, roles and devices of later must be "
                    + "entered again; such a device enrols again in its own folder. Revocations and erasures of later hold "
                    + "again once a device that saw them has synchronised; until then repeat what cannot wait."
            ))
    }
}
