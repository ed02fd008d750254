import ArgumentParser
import SyncServer

struct ReleaseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "release", abstract: "Give a held change its place in the order.")

    @OptionGroup var options: CommonOptions

    @Argument(help: "The change: an id as `held` prints it, or the beginning of one.")
    var id: String

    @Flag(help: "And all that its retired device handed in.")
    var all = false

    func run() async throws {
        let released = try await options.perform(ReleaseTask(change: id, handedIn: all))
        let (change, words) = (released.change, options.words)
        var line =
            released.refusal.map { words("\(change) is geweigerd (\($0))", "\(change) is refused (\($0))") }
            ?? words("\(change) is toegelaten", "\(change) is released")
        if all { line += words("; samen ", "; together ") + words.changes(released.accepted) }
        options.print(
            .object([
                ("change", .change(change)),
                ("verdict", .string(released.refusal == nil ? "accepted" : "refused")),
                ("code", .text(released.refusal)),
                ("accepted", .number(released.accepted)),
            ]), [line])
    }
}
