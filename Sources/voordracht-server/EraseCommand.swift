import ArgumentParser
import ChangeLog
import Nominations
import SyncServer

struct EraseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase what was written in a record, here and on all devices.",
        discussion: """
            Each letter becomes an asterisk, in all that was ever written there and in the submissions that show it. \
            Names can be erased too; marks, dates, choices and other facts that rules depend on stay. \
            Devices follow with their next sync. Without --yes it only tells what would be erased. Backups and \
            exported files are not touched, and what is written afterwards neither.
            """)

    @OptionGroup var options: CommonOptions

    @Argument(help: "The record, or the person: a whole id.")
    var record: String

    @Option(help: "One field of it instead of all.")
    var field: String?

    @Flag(help: "Erase it, for good.")
    var yes = false

    func validate() throws {
        guard field == nil || field.flatMap({ FieldName($0) }) != nil else {
            throw ValidationError("Give --field the name of a field.")
        }
    }

    func run() async throws {
        let report = try await options.perform(EraseTask(record: record, field: field, isRehearsed: !yes))
        let words = options.words
        options.print(
            .object([
                ("erased", .boolean(yes)), ("changes", .number(report.changes)),
                ("places", .number(report.places)), ("audiences", .texts(report.audiences)),
            ]), [line(report)])
        if !yes, report.changes > 0 {
            options.note(
                words(
                    "Wis het met --yes; het komt niet terug.", "Erase it with --yes; it does not come back."))
        }
    }

    private func line(_ report: ErasureReport) -> String {
        let words = options.words
        let places =
            report.places == 1
            ? words("1 plaats", "1 place") : "\(report.places) \(words("plaatsen", "places"))"
        let extent = "\(places), \(words.changes(report.changes))"
        guard report.changes > 0 else {
            return words("Er staat niets dat te wissen is", "There is nothing to erase")
        }
        return yes
            ? words("\(extent) gewist", "\(extent) erased")
            : words("\(extent) te wissen", "\(extent) to erase")
    }
}

/// Erases a record, or one field of it.
struct EraseTask: AdministrationTask {
    static let name = "erase"

    /// A whole id, with or without its letter.
    let record: String
    let field: String?
    let isRehearsed: Bool

    /// - Throws: `record.notFound` for what is no whole id. Of an id under which nothing was written nothing is erased.
    func perform(in workspace: Workspace) async throws -> ErasureReport {
        guard let id = Reference.record(record) else { throw AdministrationError(.recordUnknown, record) }
        let scope = ErasureScope(record: id, field: field.flatMap { FieldName($0) }, hash: Domain.hash)
        return try await workspace.service.erase(isRehearsed: isRehearsed) { scope.marks(in: $0) }
    }
}
