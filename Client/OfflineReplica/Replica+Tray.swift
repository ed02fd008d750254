public import ChangeLog

extension Replica {
    /// Sends an entry of the tray again, on the view that it was made on; texts whose version changed
    /// as the difference on today's view.
    ///
    /// - Parameters:
    ///   - entry: `TrayItem.entry`.
    ///   - drafts: what to send instead; nil for the same again.
    /// - Throws: `Reason` when the rules still refuse it; then it stays where it is.
    @discardableResult
    public func retry(_ entry: ChangeID, with drafts: [Draft]? = nil) async throws -> [ChangeID] {
        let (identity, rules, environment) = (identity, rules, environment)
        return try await write { db in
            let recorder = Recorder(
                db: db, identity: try identity.current(db), rules: rules, environment: environment)
            return try TrayRetry(recorder).retry(entry.number, with: drafts)
        }
    }

    /// Takes an entry out of the tray for good.
    ///
    /// - Throws: `ReplicaError` `noTrayEntry`, or `undecided` while the server may still let it in.
    public func drop(_ entry: ChangeID) async throws {
        try await write { db in
            let tray = TrayTable(db: db)
            let rows = try tray.rows(of: entry.number)
            guard !rows.isEmpty else {
                throw ReplicaError(.noTrayEntry, "there is no entry \(entry) in the tray")
            }
            try tray.demandDecided(rows)
            try tray.drop(entry.number)
            try ReplicaState.advance(db)
        }
    }
}
