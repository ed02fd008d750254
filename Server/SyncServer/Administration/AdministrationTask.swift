/// One thing that an administrator can ask of a server, whether it runs or not.
///
/// A task is written as JSON when a running server is to do it, so it carries all that it needs.
public protocol AdministrationTask: Codable, Sendable {
    associatedtype Answer: Codable & Sendable

    /// What it is called between two programs, such as `devices`; never changes.
    static var name: String { get }

    func perform(in workspace: Workspace) async throws -> Answer
}
