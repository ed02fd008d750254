import ArgumentParser
import VoordrachtClient

struct DeclinedCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "declined", abstract: "Ask the server for your edits that were declined.",
        discussion: """
            Needs a network. Lists what the secretariat declined of your edits, and what a device of yours handed in from \
            its tray when it went out of use. A contact sees those of colleagues as well, where the contact may read \
            the audience; nobody else does.
            """)

    @Option(help: "At most so many.") var limit: Int = 100
    @Option(help: "Begin behind this change: next of the part before.") var after: String?
    @OptionGroup var options: ReplicaOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("The limit is at least 1.") }
        guard after == nil || after.flatMap({ ChangeID($0) }) != nil else {
            throw ValidationError("Give --after the id of a change.")
        }
    }

    func perform(_ voordracht: Voordracht) async throws -> DeclinedList {
        try await voordracht.declined(
            in: options.language, limit: limit, after: after.flatMap { ChangeID($0) })
    }
}
