import ArgumentParser
import Foundation
import SyncServer

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Walk all that the server keeps; says what is wrong and where.")

    @Option(
        help: ArgumentHelp(
            "A receipt that somebody was given: the tree must still agree with it. May be repeated.",
            valueName: "file"))
    var receipt: [String] = []

    @OptionGroup var options: CommonOptions

    private func readHeads() throws -> [ReceiptHead] {
        try receipt.map { file in
            guard let data = FileManager.default.contents(atPath: file) else {
                let isThere = FileManager.default.fileExists(atPath: file)
                throw AdministrationError(isThere ? .fileUnreadable : .fileMissing, file, place: file)
            }
            return try ReceiptHead(receipt: data, name: file)
        }
    }

    func run() async throws {
        let heads = try await options.reporting { try readHeads() }
        let report = try await options.perform(VerifyTask(against: heads))
        let verdict =
            report.isSound
            ? options.words(
                "In orde: \(options.words.changes(report.changes)), tot positie \(report.head)",
                "Sound: \(options.words.changes(report.changes)), up to position \(report.head)")
            : options.words("Niet in orde:", "Not sound:")
        let findings = report.findings.map { finding in
            (
                finding,
                options.words(
                    finding.fault.dutchMessage(finding.subject), finding.fault.message(finding.subject))
            )
        }
        options.print(
            .object([
                ("sound", .boolean(report.isSound)), ("head", .number(report.head)),
                ("changes", .number(report.changes)),
                (
                    "findings",
                    .list(
                        findings.map { finding, message in
                            .object([
                                ("place", .string(finding.place)), ("code", .string(finding.fault.rawValue)),
                                ("message", .string(message)),
                            ])
                        })
                ),
            ]), [verdict] + findings.map { "  \($0.place): \($1)" })
        if !report.isSound { throw ExitCode(1) }
    }
}
