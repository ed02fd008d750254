package import ChangeLog
import GRDB

extension SyncService {
    /// Copies the database as it is in one moment into an empty file.
    ///
    /// - Returns: the newest position of that moment.
    package func copyDatabase(to path: String) async throws -> Position {
        let epoch = engine.epoch
        return try await engine.store.read(engine.environment.probe) { db in
            let copy = try DatabaseQueue(path: path)
            defer { try? copy.close() }
            // One step, inside one snapshot: what is written meanwhile is not in it.
            try copy.writeWithoutTransaction { try db.backup(to: $0) }
            return try ServerLedger(db, epoch: epoch).head()
        }
    }
}
