public import ChangeLog
import Foundation

/// Where administrators bring their tasks: a running server does them, or, when none runs, this process.
public struct AdministrationDesk: Sendable {
    private let path: String
    private let rules: DomainRules
    private let environment: ServerEnvironment

    /// How long a task waits for another command to be done, or for a server to finish its start.
    static let patience = Duration.seconds(10)
    private static let pause = Duration.milliseconds(50)

    public init(at path: String, rules: DomainRules, environment: ServerEnvironment) {
        self.path = path
        self.rules = rules
        self.environment = environment
    }

    /// Opens the folder for a server that is going to run, once a command that has it is done.
    ///
    /// - Parameter addresses: under which new devices reach it from now on; as before when there are none.
    /// - Throws: `folder.busy` when another server runs in it.
    public func takeOver(reachedUnder addresses: [NetworkAddress] = []) async throws -> Workspace {
        var waited = Duration.zero
        while waited < Self.patience {
            let workspace = try await Workspace.open(
                at: path, reachedUnder: addresses, rules: rules, environment: environment)
            if let workspace { return workspace }
            if let client = try await AdministrationClient.connect(to: DataFolder(path)) {
                try await client.close()
                break
            }
            try await environment.sleep(Self.pause)
            waited += Self.pause
        }
        throw AdministrationError(.folderBusy, path, place: path)
    }

    /// - Throws: `AdministrationError`, as the task's own or as `folder.missing`, `folder.busy`, ….
    public func perform<Task: AdministrationTask>(_ task: Task) async throws -> Task.Answer {
        var waited = Duration.zero
        while true {
            if let workspace = try await Workspace.open(at: path, rules: rules, environment: environment) {
                return try await perform(task, in: workspace)
            }
            if let client = try await AdministrationClient.connect(to: DataFolder(path)) {
                return try await client.ask(task)
            }
            // Somebody has the lock and listens to nobody yet. There is nothing to be woken by: neither
            // the end of a lock nor the beginning of a socket tells us.
            guard waited < Self.patience else { throw AdministrationError(.folderBusy, path, place: path) }
            try await environment.sleep(Self.pause)
            waited += Self.pause
        }
    }

    private func perform<Task: AdministrationTask>(
        _ task: Task, in workspace: Workspace
    ) async throws -> Task.Answer {
        let outcome: Result<Task.Answer, any Error>
        do {
            outcome = .success(try await task.perform(in: workspace))
        } catch {
            outcome = .failure(AdministrationError(error))
        }
        await workspace.close()
        return try outcome.get()
    }
}
