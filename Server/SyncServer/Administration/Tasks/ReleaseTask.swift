import ChangeLog

/// Gives a held change its place in the order.
public struct ReleaseTask: AdministrationTask {
    public static let name = "release"

    /// What became of it.
    public struct Released: Codable, Hashable, Sendable {
        /// The change, in full.
        public let change: String
        /// How many changes have a place now, it among them unless it is refused.
        public let accepted: Int
        /// Why it cannot stand any more, where others of its device were let in.
        public let refusal: String?
    }

    /// `replica:number`, or the first 6 or more characters of it that mean one only.
    public let change: String
    /// Whether all that its revoked device handed in is let in too.
    public let handedIn: Bool

    public init(change: String, handedIn: Bool = false) {
        self.change = change
        self.handedIn = handedIn
    }

    public func perform(in workspace: Workspace) async throws -> Released {
        let found = try await Self.find(change, in: workspace)
        let outcome = try await workspace.service.release(found, handedIn: handedIn)
        return Released(
            change: found.description, accepted: outcome.accepted, refusal: outcome.fault?.code)
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
