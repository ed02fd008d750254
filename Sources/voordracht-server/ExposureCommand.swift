import ArgumentParser
import SyncServer

struct ExposureCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exposure", abstract: "List what devices hold that they may not read any more.",
        discussion: """
            That is on lost devices, on retired ones that have not handed it in, and on those that have not \
            confirmed that they deleted what their person may no longer read.
            """)

    @OptionGroup var options: CommonOptions
    @OptionGroup var page: Page

    func run() async throws {
        let all = try await options.perform(ExposureTask())
        options.print(
            page.document(kind: "exposure", all, key: \.key, item: \.document),
            page.cut(all, by: \.key).items.map { $0.line(options.words) })
        if all.isEmpty {
            options.note(
                options.words(
                    "Geen apparaat houdt iets wat het niet meer mag lezen.",
                    "No device holds anything that it may not read any more."))
        }
    }
}

extension ExposureTask.Exposed {
    fileprivate var key: String { "\(device.device) \(audience)" }

    fileprivate var document: JSONDocument {
        .object([
            ("device", .string(device.device)), ("name", .string(device.name)),
            ("person", .text(device.person)), ("personName", .text(device.personName)),
            ("standing", .string(device.standing)), ("lastSeen", .time(device.lastSeen)),
            ("audience", .string(audience)), ("changes", .number(changes)), ("records", .number(records)),
            ("newest", .time(newest)),
        ])
    }

    fileprivate func line(_ words: Words) -> String {
        let seen = device.lastSeen.map { words("gezien \(words.moment($0))", "seen \(words.moment($0))") }
        let extent = words(
            "hoogstens \(words.changes(changes)), \(records) \(records == 1 ? "onderdeel" : "onderdelen")",
            "at most \(words.changes(changes)), \(records) \(records == 1 ? "record" : "records")")
        return
            "\(device.device)  \(device.name) (\(device.personName ?? "–")): \(device.state(words)), "
            + "\(seen ?? words("nooit gezien", "never seen")); \(audience): \(extent)"
    }
}
