import ArgumentParser
import ChangeLog
import Nominations
import SyncServer

struct WitnessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "witness", abstract: "Write down the code of a submission that somebody tells you.",
        discussion: """
            Told before closing, the submission is in time if it arrives within the grace period of its edition, \
            whatever clock it was made by. The codes are shown by `voordracht witness`.
            """)

    @OptionGroup var options: CommonOptions

    @Argument(help: "16 letters and digits; case, spaces and hyphens do not matter.")
    var code: String

    func run() async throws {
        let code = code
        try await options.reporting {
            guard WitnessCode(code) != nil else { throw NominationError(.witnessCode, [code]) }
        }
        let answer = try await options.perform(WitnessTask(code: code))
        let words = options.words
        options.print(
            .object([
                ("code", .string(answer.code)), ("lodged", .time(answer.lodged)),
                ("known", .boolean(answer.isKnown)),
            ]),
            [
                answer.isKnown
                    ? words(
                        "\(answer.code) was al gemeld op \(words.moment(answer.lodged))",
                        "\(answer.code) was told before, \(words.moment(answer.lodged))")
                    : words(
                        "\(answer.code) gemeld op \(words.moment(answer.lodged))",
                        "\(answer.code) told, \(words.moment(answer.lodged))")
            ])
    }
}

/// Writes down that a code was told; told again, the first time counts.
struct WitnessTask: AdministrationTask {
    static let name = "witness"

    struct Answer: Codable, Hashable, Sendable {
        let code: String
        /// Milliseconds since 1970 UTC.
        let lodged: Int64
        let isKnown: Bool
    }

    let code: String

    func perform(in workspace: Workspace) async throws -> Answer {
        guard let code = WitnessCode(code) else {
            throw NominationError(.witnessCode, [code]).forAdministrators
        }
        let record = code.record(Domain.hash)
        let now = workspace.environment.nowMilliseconds()
        let operations = RosterCommands.witness(code, at: now, hash: Domain.hash).operations
        let known = try await workspace.write(operations, in: Roster.audience) { facts in
            try facts.rostered(record, WitnessField.lodged)?.instant
        }
        return Answer(code: "\(code)", lodged: known ?? now, isKnown: known != nil)
    }
}
