import ArgumentParser
import ChangeLog
import Nominations
import SyncServer

struct HeldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "held", abstract: "List what waits for the secretariat, oldest first.")

    @OptionGroup var options: CommonOptions
    @OptionGroup var page: Page

    func run() async throws {
        let all = try await options.perform(HeldTask())
        options.print(
            page.document(kind: "held", all, key: \.change, item: { $0.document(options.words) }),
            page.cut(all, by: \.change).items.map { $0.line(options.words) })
    }
}

extension JSONDocument {
    /// `{"replica":"…","number":7}` of `replica:number`.
    static func change(_ text: String) -> JSONDocument {
        guard let change = ChangeID(text) else { return .null }
        return .object([("replica", .string(change.replica.description)), ("number", .number(change.number))])
    }
}

extension HeldTask.Held {
    func document(_ words: Words) -> JSONDocument {
        .object([
            ("id", .string(change)), ("change", .change(change)), ("audience", .string(audience)),
            ("code", .string(code)), ("message", .string(reason(words))), ("received", .time(received)),
            ("claimed", .time(claimed)), ("device", .string(device)), ("person", .text(person)),
            ("personName", .text(personName)), ("group", .list(group.map { .change($0) })),
            ("touches", .texts(touches)), ("waiting", .number(waiting)),
        ])
    }

    func line(_ words: Words) -> String {
        let author = personName ?? words("de server zelf", "the server itself")
        let times = words(
            "gemaakt \(words.moment(claimed)), ontvangen \(words.moment(received))",
            "made \(words.moment(claimed)), received \(words.moment(received))")
        let what = touches.joined(separator: ", ")
        return "\(change)  \(author), \(audience): \(what); \(times); \(reason(words))"
    }

    /// Why it waits, in the language of the results.
    private func reason(_ words: Words) -> String {
        guard words.language == .dutch else { return message }
        let wording = MessageCode.wording(ofCode: code, .dutch) ?? ReasonWording.dutch(code)
        return wording?.filled([message]).message ?? message
    }
}
