import Foundation
import Logging

/// The tasks that a server does for its administrators.
///
/// A request is one line of JSON, and so is the answer:
///
///     {"task":"revoke","parameters":{…}}
///     {"answer":{…}}    or    {"error":{"code":"…","message":"…",…}}
public struct TaskCatalogue: Sendable {
    private typealias Handler = @Sendable (Data, Workspace) async throws -> Data
    private var handlers: [String: Handler] = [:]

    /// What the engine itself can do; a program adds what its domain can.
    public init() {
        add(DevicesTask.self)
        add(RevokeTask.self)
        add(ExposureTask.self)
        add(HeldTask.self)
        add(ReleaseTask.self)
        add(DeclineTask.self)
        add(VerifyTask.self)
        add(SnapshotTask.self)
    }

    public mutating func add<Task: AdministrationTask>(_ task: Task.Type) {
        handlers[Task.name] = { line, workspace in
            let request = try JSONDecoder().decode(Request<Task>.self, from: line)
            return try JSONEncoder().encode(
                Reply(answer: try await request.parameters.perform(in: workspace)))
        }
    }

    /// Answers one line; whatever goes wrong is an answer too.
    func answer(_ line: Data, in workspace: Workspace) async -> Data {
        // A name that is not known may be anything, and is not logged.
        var known = "other"
        func told(_ result: String) {
            LogEntry(action: .task, object: known, result: result).write(
                to: workspace.environment.logger.acting(LogEntry.administrator), .notice, "Administered")
        }
        do {
            let name = try JSONDecoder().decode(RequestName.self, from: line).task
            guard let handler = handlers[name] else { throw AdministrationError(.taskUnknown, name) }
            known = name
            let answer = try await handler(line, workspace)
            told("ok")
            return answer
        } catch {
            let failure = Failure(error: AdministrationError(error))
            told(failure.error.code)
            // Six texts: they can be written, or memory is exhausted. The asker then sees a closed socket.
            return (try? JSONEncoder().encode(failure)) ?? Data()
        }
    }

    struct RequestName: Codable { let task: String }

    struct Request<Task: AdministrationTask>: Codable {
        let task: String
        let parameters: Task

        init(_ task: Task) {
            self.task = Task.name
            parameters = task
        }
    }

    struct Reply<Answer: Codable>: Codable { let answer: Answer }

    struct Failure: Codable { let error: AdministrationError }

    /// Reads what `answer` wrote.
    static func read<Answer: Codable>(_ line: Data, as type: Answer.Type) throws -> Answer {
        if let failure = try? JSONDecoder().decode(Failure.self, from: line) {
            // Not a failure: then it is an answer, and what is wrong with that is told below.
            throw failure.error
        }
        return try JSONDecoder().decode(Reply<Answer>.self, from: line).answer
    }
}
