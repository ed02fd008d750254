import ChangeLog
import GRDB
import Logging
import SyncProtocol

extension Engine {
    /// Writes down how far a device was, and what it holds from now on.
    ///
    /// A full disk keeps no device from reading: it goes on without being noted, as long as nobody would
    /// miss afterwards what it was given.
    ///
    /// - Throws: `ServerError` `.diskFull` when the device would hold something that is not written down:
    ///   after a revocation nobody could tell that it still has that.
    func note(_ device: DeviceIdentity, at cursor: Position, holding audiences: [AudienceID]) async throws {
        do {
            try await write(device, at: cursor, holding: audiences)
        } catch let error as ServerError where error.code == .diskFull {
            guard try await holds(device, audiences) else { throw error }
            environment.logger.warning("A pull goes on without being noted", metadata: error.detail)
        }
    }

    private func write(
        _ device: DeviceIdentity, at cursor: Position, holding audiences: [AudienceID]
    ) async throws {
        let now = environment.nowMilliseconds()
        try await queue.commit(for: device.device) { ledger in
            let id = device.device.bytes.blob
            try ledger.db.run(
                """
                INSERT INTO session VALUES (?, ?, ?) ON CONFLICT (device) DO UPDATE SET
                seen = excluded.seen, cursor = excluded.cursor
                """, [id, now, cursor.value.pattern])
            for audience in audiences {
                try ledger.db.run(
                    "INSERT OR IGNORE INTO holding VALUES (?, ?)", [id, ledger.makeAudience(audience)])
            }
        }
    }

    /// Whether it is written down that the device holds all of these.
    private func holds(_ device: DeviceIdentity, _ audiences: [AudienceID]) async throws -> Bool {
        let id = device.device.bytes.blob
        return try await read { ledger in
            let rows = try ledger.db.all(
                "SELECT a.name FROM holding h JOIN audience a ON a.id = h.audience WHERE h.device = ?", [id])
            return Set(audiences).isSubset(of: try rows.map { try $0.audience(0) })
        }
    }
}
