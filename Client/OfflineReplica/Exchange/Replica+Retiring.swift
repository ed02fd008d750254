import ChangeLog
import GRDB
import SyncProtocol

extension Replica {
    /// Whether the server lets this device hand in what it has not sent, and nothing else any more.
    static func isRetired(_ error: any Error) -> Bool {
        (error as? ConnectionError)?.reason?.code == "device.retired"
    }

    /// The code of what lies in the tray because it was handed in.
    public static let handedInCode = Revocation.handedIn.code

    /// The last session of a retired device: hands in what was never sent, and the tray; deletes all that is held, and
    /// says so.
    ///
    /// What lies in the tray stays there as well, for its author. Cut short at any place, it is taken up again by the next
    /// exchange.
    func handIn(over connection: some FrameTransport, into report: inout ExchangeReport) async throws {
        var held: [AudienceID]?
        repeat {
            _ = try await push(over: connection, into: &report)
            try await handInTray(over: connection)
            held = try await giveUpHeld()
        } while held == nil
        report.purged += held ?? []
        let purged = try await purged()
        if purged.isEmpty, try await awaitsConfirmation() {
            throw ConnectionError(.busy, "Another program still reads what was deleted", at: folder)
        }
        try await connection.converse("/push", sending: [.hello(try await hello()), .purged(purged)]) {
            frame in
            if case .refusal(let reason) = frame { throw ConnectionError(refusal: reason) }
            return true
        }
        try await confirmPurged(purged)
        report.hasHandedIn = true
    }

    /// Gives the server the contents of what it has refused. They are no edits any more: it keeps them with their verdict,
    /// for their author on another device.
    private func handInTray(over connection: some FrameTransport) async throws {
        let (identity, key, limit) = (identity, try key(), environment.batchEntries)
        let batches = try await read { reader in
            try Outbox(
                db: reader.db, identity: identity.current(reader.db), key: key, limit: limit,
                bytes: ProtocolLimits.batchBytes
            ).tray()
        }
        for batch in batches {
            guard let replica = batch.entries.first?.envelope.id.replica else { continue }
            let frames: [Frame] = [.hello(try await hello(of: replica)), .push(batch)]
            try await connection.converse("/push", sending: frames) { frame in
                if case .refusal(let reason) = frame { throw ConnectionError(refusal: reason) }
                return true
            }
        }
    }

    /// Audiences that are held no more, of which something is here all the same: own edits, and what a restored server
    /// was to be given back.
    private static func leftovers(_ db: Database) throws -> [AudienceID] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT audience FROM offer UNION SELECT audience FROM head UNION
                SELECT name FROM audience JOIN change ON change.audience = audience.id
                WHERE state IN (0, 1, 2, 3) AND hasContents
                """
        ).map { try $0.audience("audience") }
    }

    /// Deletes all that is held.
    ///
    /// - Returns: the audiences; nil where something was recorded meanwhile that is still to be handed in, and
    ///   nothing was deleted.
    private func giveUpHeld() async throws -> [AudienceID]? {
        let (identity, schema) = (identity, rules.schema)
        return try await write { db in
            guard try LogTable(db: db).rows(Outbox.waiting, [], order: "number LIMIT 1").isEmpty else {
                return nil
            }
            let revocation = Revocation(db: db, identity: try identity.current(db), schema: schema)
            let held = try Set(AudienceTable(db: db).all().map(\.audience)).union(try Self.leftovers(db))
                .sorted()
            for audience in held { try revocation.revoke(audience, because: Revocation.handedIn) }
            try ReplicaState.advance(db)
            return held
        }
    }
}
