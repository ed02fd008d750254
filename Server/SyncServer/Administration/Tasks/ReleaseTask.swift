import ChangeLog

/// Gives a held change its place in the order.
public struct ReleaseTask: AdministrationTask {
    public static let name = "release"

    /// `replica:number`, or the first 6 or more characters of it that mean one only.
    public let change: String
    /// Whether what its revoked device handed in behind it is let in too.
    public let handedIn: Bool

    public init(change: String, handedIn: Bool = false) {
        self.change = change
        self.handedIn = handedIn
    }

    /// The change, in full.
    public func perform(in workspace: Workspace) async throws -> String {
        let found = try await Self.find(change, in: workspace)
        try await workspace.service.release(found, handedIn: handedIn)
        return found.description
    }

    static func find(_ text: String, in workspace: Workspace) async throws -> ChangeID {
        if let change = ChangeID(text) { return change }
        guard text.utf8.count >= Reference.shortestPrefix else {
            throw AdministrationError(.changeUnknown, text)
        }
        let held = try await workspace.service.held().map(\.change)
        let found = held.filter { $0.description.hasPrefix(text.lowercased()) }
        if found.count == 1 { return found[0] }
        if found.isEmpty { throw AdministrationError(.changeUnknown, text) }
        throw AdministrationError(.recordAmbiguous, text, suggestions: found.map(\.description))
    }
}
