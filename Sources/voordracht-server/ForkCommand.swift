import ArgumentParser
import ChangeLog
import SyncServer

struct ForkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract: "Declare that this folder was put back to an earlier moment, so that devices go on.",
        discussion: """
            For a server that was not restored with `restore`, but whose folder or disk was put back, and which has \
            taken in other changes since. Devices that knew more stop with a warning, which names the number to give. \
            A new epoch begins at what both have in common. What is here stays; devices offer again what was lost, \
            and nothing that was typed is lost. Stop the server first.
            """)

    @Option(
        help: "How many leaves of the tree devices and this server share, as the warning of a device names.")
    var leaves: UInt64?

    @Option(help: "Or up to which position they share the order.")
    var position: UInt64?

    @OptionGroup var options: CommonOptions

    func validate() throws {
        guard (leaves == nil) != (position == nil) else {
            throw ValidationError("Give either --leaves or --position.")
        }
    }

    func run() async throws {
        let past = leaves.map(SharedPast.leaves) ?? .positions(position ?? 0)
        let record = try await options.reporting {
            try await Workspace.declareFork(
                at: options.folder, sharing: past, rules: Domain.rules, environment: options.environment)
        }
        options.print(
            .object([
                ("epoch", .string(record.epoch.description)), ("parent", .string(record.parent.description)),
                ("head", .number(record.point.value)), ("leaves", .number(record.treeSize)),
            ]),
            [
                options.words(
                    "Gemeenschappelijk tot en met positie \(record.point); tijdperk \(record.epoch) begint",
                    "In common up to position \(record.point); epoch \(record.epoch) begins")
            ])
        options.note(
            options.words(
                "Start de server weer. Apparaten bieden bij hun volgende sync vanzelf aan wat hier ontbreekt. Personen, "
                    + "rollen en apparaten die alleen in het verloren deel stonden voert u opnieuw in. Waarschuwt een "
                    + "apparaat daarna nog, geef dit dan opnieuw met het kleinere getal dat het noemt.",
                "Start the server again. Devices offer what is missing here with their next sync. People, roles and "
                    + "devices that stood in the lost part alone must be entered again. If a device still warns then, do "
                    + "this again with the smaller number that it names."))
    }
}
