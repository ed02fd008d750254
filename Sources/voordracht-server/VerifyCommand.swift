import ArgumentParser
import SyncServer

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Walk all that the server keeps; says what is wrong and where.")

    @OptionGroup var options: CommonOptions

    func run() async throws {
        let report = try await options.perform(VerifyTask())
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
