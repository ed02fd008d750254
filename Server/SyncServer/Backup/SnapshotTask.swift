import ChangeLog
import GRDB
import Glibc

/// Makes a consistent copy of the database beside it, while everything goes on.
///
/// The copy is as readable as the database itself; whoever asked for it takes it away.
public struct SnapshotTask: AdministrationTask {
    public static let name = "snapshot"

    /// Where the copy is, and how far it goes.
    public struct Answer: Codable, Hashable, Sendable {
        /// The name of the copy in the server's folder.
        public let file: String
        /// The newest position in it.
        public let head: UInt64
    }

    public init() {}

    public func perform(in workspace: Workspace) async throws -> Answer {
        let file = DataFolder.snapshotPrefix + workspace.freshRecord().bits.hex
        let path = workspace.folder.path(of: file)
        // Made here and not by SQLite, so that nobody else can read it for a moment.
        let descriptor = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw AdministrationError(system: errno, place: path) }
        close(descriptor)
        do {
            return Answer(file: file, head: try await workspace.service.copyDatabase(to: path).value)
        } catch {
            unlink(path)
            throw error
        }
    }
}
