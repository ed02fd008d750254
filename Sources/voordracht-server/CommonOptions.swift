public import ArgumentParser
import ChangeLog
import Cryptography
import Foundation
import Logging
public import Nominations
import SyncServer

/// What every subcommand is told: which server, and how to answer.
struct CommonOptions: ParsableArguments {
    @Option(help: "The server's folder.")
    var data: String

    @Flag(help: "Print one JSON document instead of lines.")
    var json = false

    @Option(help: "The language of results and errors: nl or en; otherwise that of LANG.")
    var language: Language?

    var words: Words { Words(language?.rawValue) }

    var folder: String {
        data.hasPrefix("~/") ? NSHomeDirectory() + data.dropFirst() : data
    }

    /// Of a command that does one thing: what it did it says itself.
    var environment: ServerEnvironment {
        ServerEnvironment(
            nowMilliseconds: { Moment.now }, randomBytes: { RandomBytes.make(count: $0) },
            logger: LogForm.text.logger(.warning))
    }

    var desk: AdministrationDesk { desk(environment) }

    func desk(_ environment: ServerEnvironment) -> AdministrationDesk {
        AdministrationDesk(at: folder, rules: Domain.rules, environment: environment)
    }

    func perform<Task: AdministrationTask>(_ task: Task) async throws -> Task.Answer {
        try await reporting { try await desk.perform(task) }
    }

    /// Turns whatever goes wrong into words of the right language and form.
    func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch {
            throw CommandFailure(error, options: self)
        }
    }

    /// Prints a result: the document, or the lines.
    func print(_ document: JSONDocument, _ lines: [String]) {
        if json {
            Terminal.write(document.text, to: .standardOutput)
        } else if !lines.isEmpty {
            Terminal.write(lines.joined(separator: "\n"), to: .standardOutput)
        }
    }

    /// Says something beside the result.
    func note(_ text: String) {
        if !json { Terminal.write(text, to: .standardError) }
    }
}

extension Language: ExpressibleByArgument {}
