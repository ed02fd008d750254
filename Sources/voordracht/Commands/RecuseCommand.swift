import ArgumentParser
import VoordrachtClient

struct RecuseCommand: ReplicaCommand {
    static let configuration = CommandConfiguration(
        commandName: "recuse", abstract: "Do not judge a nominee, because of an interest in it.",
        discussion: """
            At the next sync this replica gives up what it holds of the nominee for the jury. The secretariat can \
            recuse others, and lift it.
            """)

    @Argument(help: "A name, an alias or a code.") var nominee: String
    @Option(help: "A year, a name or an id; by default the only open one.") var edition: String?
    @Option(help: "Another reviewer: the name or the id; for the secretariat.") var person: String?
    @Flag(help: "The reason for it is over; for the secretariat.") var lift = false
    @OptionGroup var options: ReplicaOptions

    func perform(_ voordracht: Voordracht) async throws -> Edit {
        var reviewer: RecordID?
        if let person { reviewer = try await voordracht.findPerson(person) }
        return try await voordracht.recuse(
            from: nominee, edition: edition.map { Identifier.bare($0) }, reviewer: reviewer, isLifted: lift)
    }
}
