import ArgumentParser
import ChangeLog
import Nominations
import SyncServer

struct HeldCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "held", abstract: "List what waits for the secretariat, oldest first.",
        discussion: "Declined is kept: with --declined it can be seen, and what it was declined for.")

    @OptionGroup var options: CommonOptions
    @OptionGroup var page: Page

    @Flag(help: "What was declined instead.")
    var declined = false

    func run() async throws {
        let (all, words) = (try await options.perform(HeldTask(isDeclined: declined)), options.words)
        let submissions = Dictionary(
            try await options.perform(ListHeldSubmissionsTask(isDeclined: declined)).map { ($0.change, $0) },
            uniquingKeysWith: { first, _ in first })
        options.print(
            page.document(
                kind: "held", all, key: \.change, item: { $0.document(words, submissions[$0.change]) }),
            page.cut(all, by: \.change).items.map { $0.line(words, submissions[$0.change]) })
        if declined { return }
        options.note(
            all.isEmpty
                ? words("Er wordt niets aangehouden.", "Nothing is held.")
                : words(
                    "Beslis met `release ID`, of met `decline ID --reason TEKST`.",
                    "Decide with `release ID`, or with `decline ID --reason TEXT`."))
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
    func document(_ words: Words, _ submission: HeldSubmission?) -> JSONDocument {
        .object([
            ("id", .string(change)), ("change", .change(change)), ("audience", .string(audience)),
            ("code", .string(code)), ("message", .string(reason(words))), ("received", .time(received)),
            ("claimed", .time(claimed)), ("device", .string(device)), ("person", .text(person)),
            ("personName", .text(personName)), ("group", .list(group.map { .change($0) })),
            ("touches", .texts(touches)), ("waiting", .number(waiting)),
            ("nominee", .text(submission?.nominee)), ("organisationName", .text(submission?.organisation)),
            ("edition", .number(submission?.edition)),
        ])
    }

    func line(_ words: Words, _ submission: HeldSubmission?) -> String {
        let author = personName ?? words("de server zelf", "the server itself")
        var parts = [
            submission.map { "\(author), \($0.text(words)) (\(place(words)))" }
                ?? "\(author), \(place(words)); \(words("raakt", "touches")) \(touches.joined(separator: ", "))",
            words("gemaakt ", "made ") + words.moment(claimed),
            words("ontvangen ", "received ") + words.moment(received),
        ]
        if waiting > 0 {
            let changes = words.changes(waiting)
            parts.append(
                waiting == 1
                    ? words("\(changes) wacht erachter", "\(changes) waits behind it")
                    : words("\(changes) wachten erachter", "\(changes) wait behind it"))
        }
        return "\(change)  \((parts + [reason(words)]).joined(separator: "; "))"
    }

    /// Who would read it, in words; the record that it is about stays an id.
    private func place(_ words: Words) -> String {
        guard let audience = AudienceID(audience).flatMap({ Audience($0) }) else { return audience }
        return switch audience {
        case .everyone: words("voor iedereen", "for everyone")
        case .organisation(let record):
            words("binnen organisatie ", "within organisation ") + Reference.text(record)
        case .nomination(let record): words("voordracht ", "nomination ") + Reference.text(record)
        case .jury(let record): words("voor de jury over ", "for the jury about ") + Reference.text(record)
        case .review(let record): words("beoordeling ", "review ") + Reference.text(record)
        case .panel: words("voor wie beoordeelt", "for those who judge")
        case .workgroup: words("voor de werkgroep", "for the workgroup")
        case .person: words("voor de persoon alleen", "for the person alone")
        }
    }

    /// Why it waits, in the language of the results.
    private func reason(_ words: Words) -> String {
        guard words.language == .dutch else { return message }
        let wording = MessageCode.wording(ofCode: code, .dutch) ?? ReasonWording.dutch(code)
        return wording?.filled([message]).message ?? message
    }
}
