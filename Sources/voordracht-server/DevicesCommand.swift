import ArgumentParser
import SyncServer

struct DevicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "devices", abstract: "List the devices, what they hold, and when they were last seen.")

    @OptionGroup var options: CommonOptions
    @OptionGroup var page: Page

    func run() async throws {
        let all = try await options.perform(DevicesTask())
        options.print(
            page.document(kind: "device", all, key: \.device, item: \.document),
            page.cut(all, by: \.device).items.map { $0.line(options.words) })
    }
}

extension DevicesTask.Device {
    var document: JSONDocument {
        .object([
            ("record", .string(device)), ("title", .string(name)), ("state", .string("accepted")),
            ("device", .string(device)), ("name", .string(name)), ("person", .text(person)),
            ("personName", .text(personName)), ("standing", .string(standing)),
            ("lastSeen", .time(lastSeen)), ("replicas", .texts(replicas)), ("cursor", .number(cursor)),
            ("audiences", .texts(audiences)), ("handedIn", .time(handedIn)),
        ])
    }

    func line(_ words: Words) -> String {
        let owner = personName ?? words("de server zelf", "the server itself")
        let seen = lastSeen.map { words("gezien \(words.moment($0))", "seen \(words.moment($0))") }
        let held = words(
            "\(audiences.count) \(audiences.count == 1 ? "kring" : "kringen")",
            "\(audiences.count) \(audiences.count == 1 ? "audience" : "audiences")")
        return
            "\(device)  \(name) (\(owner)): \(state(words)), \(seen ?? words("nooit gezien", "never seen")), \(held)"
    }

    func state(_ words: Words) -> String {
        switch standing {
        case "active": words("in gebruik", "in use")
        case "retired" where handedIn != nil:
            words("afgemeld en ingeleverd", "retired and handed in")
        case "retired": words("afgemeld", "retired")
        case "lost": words("verloren gemeld", "reported as lost")
        default: standing
        }
    }
}
