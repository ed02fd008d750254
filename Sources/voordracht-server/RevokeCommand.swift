import ArgumentParser
import SyncServer

struct RevokeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End a device's rights at once; prints what it held.")

    @OptionGroup var options: CommonOptions

    @Argument(help: "The device: an id, the first 6 or more digits of it, or a name.")
    var device: String

    @Flag(help: "It is at hand and goes out of use: it may hand in what it has not sent, once.")
    var retired = false

    @Flag(help: "It is gone, with all that it holds.")
    var lost = false

    func validate() throws {
        guard retired != lost else { throw ValidationError("Give either --retired or --lost.") }
    }

    func run() async throws {
        let entry = try await options.perform(RevokeTask(device: device, isLost: lost))
        options.print(
            entry.document,
            [entry.line(options.words)] + entry.audiences.map { "  \(options.words("had", "held")) \($0)" })
    }
}
