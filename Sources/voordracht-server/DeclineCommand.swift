import ArgumentParser
import SyncServer

struct DeclineCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decline", abstract: "Refuse a held change; it goes back to its author, with the reason."
    )

    @OptionGroup var options: CommonOptions

    @Argument(help: "The change: an id as `held` prints it, or the beginning of one.")
    var id: String

    @Option(help: "Why, for its author.")
    var reason: String

    func run() async throws {
        let change = try await options.perform(DeclineTask(change: id, reason: reason))
        options.print(
            .object([("change", .change(change)), ("verdict", .string("refused"))]),
            [options.words("\(change) is afgewezen", "\(change) is declined")])
    }
}
