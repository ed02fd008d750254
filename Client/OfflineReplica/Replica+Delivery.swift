public import ChangeLog
import GRDB
public import SyncProtocol

// What an exchange with the server needs of a replica. Each step is durable when it returns.

extension Replica {
    /// The right to synchronise; nil when another process has it.
    public func lockForSync() throws -> SyncLock? { try SyncLock(file: place.lock) }

    /// What has no answer yet, in the order of numbers, with whole chains and groups, signed.
    ///
    /// Calling it again gives the same changes until their verdicts are applied; it also begins a new
    /// seed for the salts of what is recorded next.
    ///
    /// - Parameters:
    ///   - limit: changes in the batch, at least one action.
    ///   - bytes: contents in the batch, about.
    ///   - audiences: are left out, with all actions that are also in one of them.
    public func outbox(
        limit: Int = ProtocolLimits.batchEntries, bytes: Int = ProtocolLimits.batchBytes,
        without audiences: Set<AudienceID> = []
    ) async throws -> Outgoing {
        let (identity, key, lodging) = (identity, try key(), rules.lodging)
        do {
            // Nothing to see has changed: nobody is told.
            return try await writing { db in
                try Outbox(
                    db: db, identity: identity.current(db), key: key, limit: limit, bytes: bytes,
                    without: audiences, lodging: lodging
                ).outgoing()
            }
        } catch { throw StorageFailure.translated(error, place.database) }
    }

    /// Takes over what the server decided.
    ///
    /// - Returns: the verdicts that tell something new.
    @discardableResult
    public func apply(_ verdicts: [VerdictEntry]) async throws -> [VerdictEntry] {
        guard !verdicts.isEmpty else { return [] }
        let (identity, schema) = (identity, rules.schema)
        return try await write { db in
            try VerdictApplier(db: db, identity: identity.current(db), schema: schema).apply(verdicts)
        }
    }

    /// How this replica introduces itself.
    public func hello() async throws -> Hello {
        try await read { reader in
            let view = try reader.view()
            return Hello(replica: reader.identity.replica, epoch: view.epoch, cursor: view.cursor)
        }
    }

    /// The same as one of the replicas that it goes on from.
    func hello(of replica: ReplicaID) async throws -> Hello {
        var hello = try await hello()
        hello.replica = replica
        return hello
    }

    /// What it wants to be sent: everything after what is here.
    public func want(isLive: Bool) async throws -> Want {
        try await read { reader in
            Want(
                cursor: try reader.view().cursor, isLive: isLive,
                held: try reader.audiences().map { status in
                    Want.Held(audience: status.audience, have: status.have, end: status.end)
                })
        }
    }

    /// Begins to stage an audience, which is shown once its lane has come to `end`.
    public func grant(_ audience: AudienceID, end: Position) async throws {
        let (identity, schema) = (identity, rules.schema)
        try await write { db in
            guard try AudienceTable(db: db).held(audience) == nil else {
                throw ReplicaError(.outOfOrder, "\(audience) is granted twice")
            }
            // Another process may have moved the cursor on: what stands between would never come.
            let cursor = try ReplicaState.load(db).cursor
            guard end >= cursor else {
                throw ReplicaError(
                    .outOfOrder, "\(audience) is granted up to \(end), although \(cursor) is reached")
            }
            try AudienceTable(db: db).insert(audience, end: end)
            try db.execute(sql: "DELETE FROM purged WHERE name = ?", arguments: [audience.name])
            if end == .origin {
                let touched = try AudienceCompletion(db: db, identity: identity.current(db))
                    .complete(audience, try ReplicaState.load(db))
                try ReadModel(db: db, schema: schema).refresh(touched)
            }
            try ReplicaState.advance(db)
        }
    }

    /// Takes over committed changes: they, what is read, and the cursor move together.
    ///
    /// - Throws: `ReplicaError` `evidence`, `outOfOrder` or `copied`; then nothing has changed.
    @discardableResult
    public func apply(_ delivery: Delivery) async throws -> Applied {
        let (identity, schema) = (identity, rules.schema)
        let applied = try await write { db in
            try DeliveryApplier(db: db, identity: identity.current(db), schema: schema).apply(delivery)
        }
        if applied.hasErased { _ = try await emptyWriteAheadLog() }
        return applied
    }

    /// Deletes what is held of these audiences. Own edits without a place in the order go to the tray.
    ///
    /// - Returns: those edits, as refused.
    @discardableResult
    public func revoke(_ audiences: [AudienceID]) async throws -> [VerdictEntry] {
        let (identity, schema) = (identity, rules.schema)
        let moved = try await write { db in
            let before = try Set(TrayTable(db: db).rows().map(\.changeID))
            let revocation = Revocation(db: db, identity: try identity.current(db), schema: schema)
            for audience in audiences { try revocation.revoke(audience) }
            try ReplicaState.advance(db)
            return try TrayTable(db: db).rows().filter { !before.contains($0.changeID) }.compactMap { row in
                row.reason.map { VerdictEntry(change: row.changeID, verdict: .refused($0)) }
            }
        }
        try segments.remove(of: audiences)
        _ = try await emptyWriteAheadLog()
        return moved
    }

    /// The write-ahead log still holds what was deleted, until a checkpoint empties it.
    ///
    /// - Returns: whether it is empty; a reader elsewhere keeps it as long as it reads.
    private func emptyWriteAheadLog() async throws -> Bool {
        do {
            _ = try await withoutTransaction { db in
                // Nobody can write meanwhile: who reads for longer is asked for again with the next exchange.
                try db.execute(sql: "PRAGMA busy_timeout = 500")
                let emptied = Result { try db.checkpoint(.truncate) }
                try db.execute(sql: "PRAGMA busy_timeout = \(Int(ReplicaDatabase.patience * 1000))")
                return try emptied.get()
            }
            return true
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            return false
        } catch { throw StorageFailure.translated(error, place.database) }
    }

    /// What was deleted after a revocation, and is still to be confirmed to the server: nothing as long as
    /// the write-ahead log may hold any of it, as after a crash right behind the deletion.
    public func purged() async throws -> [AudienceID] {
        let names = try await read { reader in
            try Row.fetchAll(reader.db, sql: "SELECT name FROM purged ORDER BY name")
                .map { try $0.audience("name") }
        }
        guard !names.isEmpty else { return [] }
        try segments.remove(of: names)
        guard try await emptyWriteAheadLog() else { return [] }
        return names
    }

    /// Whether the server is still to be told that something was deleted.
    func awaitsConfirmation() async throws -> Bool {
        try await read { try Row.fetchOne($0.db, sql: "SELECT 1 FROM purged LIMIT 1") != nil }
    }

    /// The server knows that these were deleted.
    public func confirmPurged(_ audiences: [AudienceID]) async throws {
        guard !audiences.isEmpty else { return }
        try await write { db in
            for audience in audiences {
                try db.execute(sql: "DELETE FROM purged WHERE name = ?", arguments: [audience.name])
            }
        }
    }

    /// Remembers how far the server's clock is from this machine's.
    ///
    /// - Throws: `ReplicaError.epoch` when the server has begun a new lineage.
    public func note(welcome: Welcome) async throws {
        let now = environment.nowMilliseconds()
        try await write { db in
            var state = try ReplicaState.load(db)
            guard welcome.epoch == state.epoch else {
                throw ReplicaError(
                    .epoch, "the server stands in epoch \(welcome.epoch), this replica in \(state.epoch)")
            }
            let (offset, overflow) = welcome.milliseconds.subtractingReportingOverflow(now)
            state.clockOffset = overflow ? nil : offset
            try state.save(db)
        }
    }

    /// Everything that the server had, up to this position, is here.
    public func note(current position: Position) async throws {
        let now = environment.nowMilliseconds()
        try await write { db in
            var state = try ReplicaState.load(db)
            state.lastSync = now
            try state.save(db)
        }
    }
}
