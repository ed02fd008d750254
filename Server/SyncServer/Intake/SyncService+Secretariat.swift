public import ChangeLog
import GRDB
import Logging
import SyncProtocol

extension SyncService {
    /// What waits for the secretariat, oldest first; or what it has declined, whose contents are kept.
    public func held(isDeclined: Bool = false) async throws -> [HeldReport] {
        let condition = isDeclined ? "v.state <> 2 AND v.code = ?" : "v.state = 2 AND v.code <> ?"
        return try await engine.read { ledger in
            let rows = try ledger.db.all(
                """
                SELECT \(PendingChange.columns), r.bits, r.device, v.code, v.message, v.remedy
                FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
                JOIN replica r ON r.id = p.replica WHERE \(condition) ORDER BY v.received, r.bits, p.number
                """, [Refusal.declined("").code])
            return try rows.map { try Self.report(of: $0, ledger) }
        }
    }

    private static func report(of row: Row, _ ledger: ServerLedger) throws -> HeldReport {
        let pending = try PendingChange(row)
        let replica = ReplicaID(try row.id(10))
        let device = try row.record(11)
        let (envelope, bytes) = (try ledger.envelope(of: pending), try ledger.contents(of: pending))
        let waiting = try ledger.db.one(
            """
            SELECT count(*) FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
            WHERE p.replica = ? AND p.audience = ? AND p.number > ? AND v.state = 3
            """, [pending.replica, pending.audience, pending.number.pattern])
        let first = pending.number - UInt64(pending.member)
        let size = UInt64(max(pending.members, 1))
        return HeldReport(
            change: envelope.id, audience: envelope.audience,
            reason: try row.reason(12),
            receivedMilliseconds: pending.received, claimedMilliseconds: envelope.time.milliseconds,
            device: device, person: try ledger.author(device)?.person,
            group: (first..<first + size).map { ChangeID(replica: replica, number: $0) },
            operations: try bytes.map { try Change(canonicalBytes: $0).operations } ?? [],
            waiting: waiting?[0] ?? 0)
    }

    /// Gives a held change (with its group) a position, and judges what waits behind it.
    ///
    /// - Parameter handedIn: whether all that its revoked device handed in is let in too, as far as it can stand.
    /// - Returns: how many changes were accepted, and of several why this one cannot stand any more.
    /// - Throws: `Reason` `change.notHeld`; or why it alone cannot stand any more, in which case it is refused.
    @discardableResult
    public func release(
        _ change: ChangeID, handedIn: Bool = false
    ) async throws -> (accepted: Int, fault: Reason?) {
        let engine = engine
        let (fault, decided) = try await engine.queue.commit { ledger -> (Reason?, [VerdictEntry]) in
            var settlement = try engine.settlement(of: change.replica, in: ledger)
            let fault = try settlement.release(change.number, handedIn: handedIn)
            var decided = settlement.decided
            guard handedIn else { return (fault, decided) }
            for row in try ledger.replicas(of: settlement.replica.device) {
                var other = Settlement(ledger: ledger, judge: engine.judge, replica: row)
                other.letsInHandedIn = true
                try other.run()
                decided += other.decided
            }
            return (fault, decided)
        }
        settled(change, .release, decided, result: fault?.code ?? "ok")
        if let fault, !handedIn { throw fault }
        return (decided.count { if case .accepted = $0.verdict { true } else { false } }, fault)
    }

    /// Refuses a held change (with its group), and judges what waits behind it.
    ///
    /// - Parameter reason: shown to its author.
    /// - Throws: `Reason` `change.notHeld`.
    public func decline(_ change: ChangeID, reason: String) async throws {
        let engine = engine
        let decided = try await engine.queue.commit { ledger in
            var settlement = try engine.settlement(of: change.replica, in: ledger)
            try settlement.decline(change.number, reason: reason)
            return settlement.decided
        }
        settled(change, .decline, decided, result: "ok")
    }

    private func settled(
        _ change: ChangeID, _ action: LogEntry.Action, _ decided: [VerdictEntry], result: String
    ) {
        let logger = engine.environment.logger.acting(LogEntry.administrator)
        engine.tell(decided, to: logger)
        LogEntry(action: action, object: "\(change)", result: result).write(to: logger, .notice, "Settled")
    }
}

extension Engine {
    fileprivate func settlement(of replica: ReplicaID, in ledger: ServerLedger) throws -> Settlement {
        guard let row = try ledger.replicaRow(replica) else { throw Refusal.notHeld }
        return Settlement(ledger: ledger, judge: judge, replica: row)
    }
}
