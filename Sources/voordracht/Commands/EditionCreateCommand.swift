import ArgumentParser
import VoordrachtClient

struct EditionCreateCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Prepare an edition.")

    @Argument(help: "Such as 2017.") var year: Int
    @Option(help: "What the edition is called.") var name: String
    @Option(help: "What laureates may call themselves.") var predicate: String?
    @Option(help: "The text of the call.") var call: String?
    @Option(
        help: ArgumentHelp("The day on which nominees are taken as they are.", valueName: "YYYY-MM-DD"))
    var referenceDate: String?
    @Option(help: "A day, or a moment such as 2017-06-01T12:00, in Amsterdam; with Z in UTC.")
    var opens: String?
    @Option(help: "The last day or moment that is in time.") var closes: String?
    @Option(help: ArgumentHelp("Hours after closing for what was witnessed before.", valueName: "hours"))
    var grace: Int?
    @Option(help: "COROP, arbeidsmarktregio or veiligheidsregio.") var regionKind: String?
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        try await voordracht.createEdition(
            year, name: name, predicate: predicate, call: call, referenceDate: referenceDate, opens: opens,
            closes: closes, graceHours: grace, regionKind: regionKind)
    }
}
