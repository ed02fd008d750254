import ArgumentParser
import VoordrachtClient

/// A command that does one thing with a replica and prints one result.
protocol ReplicaCommand: AsyncParsableCommand {
    associatedtype Outcome: Presentable
    var options: ReplicaOptions { get }
    func perform(_ voordracht: Voordracht) async throws -> Outcome
}

extension ReplicaCommand {
    func run() async throws {
        try await options.reporting {
            let outcome = try await perform(options.open())
            options.print(outcome)
            if !outcome.isDone { throw ExitCode(1) }
        }
    }
}

/// A result for people and for scripts.
protocol Presentable: Documented {
    /// Lines without line breaks at their ends.
    func lines(_ language: Language) -> [String]
    /// False where something of it was not done, which ends the program with 1.
    var isDone: Bool { get }
}

extension Presentable {
    var isDone: Bool { true }
}

extension ReplicaOptions {
    /// Prints a result in the form that was asked for.
    func print(_ outcome: some Presentable) {
        if json {
            Terminal.standard.say(outcome.json.text)
        } else {
            for line in outcome.lines(language) { Terminal.standard.say(line) }
        }
    }

    /// Tells an error, and ends with 2 for wrong use and with 1 for everything else.
    func reporting(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch let code as ExitCode {
            throw code
        } catch {
            let failure = Failure(error, in: language)
            Terminal.standard.fail(failure, isJSON: json)
            throw ExitCode(UsageFailure.codes.contains(failure.code) ? 2 : 1)
        }
    }
}
