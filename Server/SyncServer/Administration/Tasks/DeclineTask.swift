import ChangeLog

/// Refuses a held change: it goes to its author's tray, with the reason.
public struct DeclineTask: AdministrationTask {
    public static let name = "decline"

    /// As for `ReleaseTask`.
    public let change: String
    public let reason: String

    public init(change: String, reason: String) {
        self.change = change
        self.reason = reason
    }

    /// The change, in full.
    public func perform(in workspace: Workspace) async throws -> String {
        let found = try await ReleaseTask.find(change, in: workspace)
        try await workspace.service.decline(found, reason: reason)
        return found.description
    }
}
