import ChangeLog
import GRDB

/// A walk that looks at no more of what waits than it can judge: what a device has piled up costs others nothing.
extension Settlement {
    /// How many changes that had waited are judged in one transaction.
    static let patience = CommitQueue.quantum

    /// Judges what has come, and what waits behind it in its audiences, in the order of numbers.
    ///
    /// Chains without groups have nothing to do with each other. What waits says behind what: that stays true as long
    /// as the first of its chain is the same, and until the walk goes on where it was cut short.
    mutating func settleChains(of audiences: Set<Int64>, with arrivals: [PendingChange]) throws {
        var (chains, changes): ([Int64: Chain], [PendingChange]) = ([:], arrivals)
        for audience in audiences.sorted() {
            guard let chain = try chain(in: audience, before: arrivals, among: audiences.count) else {
                continue
            }
            chains[audience] = chain
            changes += chain.changes
        }
        walked = changes.count - arrivals.count
        // What surely waits need not be written to find out that there is no room.
        let waits = arrivals.count { blocked[$0.audience] != nil }
        if chains.isEmpty, waits > 0,
            try ledger.waitingCount(of: replica.number) + waits > IntakeLimits.waitingChanges
        {
            throw Refusal.queueFull
        }
        for change in changes.sorted(by: { $0.number < $1.number }) {
            let isEnd = change.number == chains[change.audience]?.end && blocked[change.audience] == nil
            if isEnd, try change.previous == tip(of: change.audience).hash {
                cut.insert(change.audience)
                block([change])
            } else if change.state == .held, change.arrival == nil {
                block([change])
            } else {
                try settle([change])
            }
        }
        for (audience, chain) in chains.sorted(by: { $0.key < $1.key }) {
            guard let end = chain.end, !cut.contains(audience), blocked[audience] != chain.changes[0].number
            else { continue }
            // All the rest waits behind another one than before.
            let rest = try ledger.pending(of: replica.number, in: audience, after: end, limit: -1)
            walked += rest.count
            for change in rest where change.state == .waiting { try settle([change]) }
        }
    }

    /// What waits in an audience.
    private struct Chain {
        /// From the first on.
        let changes: [PendingChange]
        /// The last of them where there are more, which is not to be judged now.
        let end: UInt64?
    }

    /// - Parameter count: of audiences that share the patience.
    /// - Returns: nil where nothing of it can move, or there is nothing.
    private mutating func chain(
        in audience: Int64, before arrivals: [PendingChange], among count: Int
    ) throws -> Chain? {
        guard let front = try ledger.pending(of: replica.number, in: audience, after: 0, limit: 1).first
        else { return nil }
        let first = arrivals.lazy.filter { $0.audience == audience }.map(\.number).min()
        let isBehind = first.map { front.number < $0 } ?? true
        let hasObstacle = try front.state == .held || front.previous != tip(of: audience).hash
        let isCut = !hasObstacle && blocked[audience] == nil
        if isBehind, !isCut || first != nil {
            // That goes on by itself.
            if isCut { cut.insert(audience) }
            if blocked[audience] == nil { block([front]) }
            return nil
        }
        let limit = max(Self.patience / count, 1) + 1
        let changes = try ledger.pending(of: replica.number, in: audience, after: 0, limit: limit)
        return Chain(changes: changes, end: changes.count == limit ? changes[limit - 1].number : nil)
    }
}

extension ServerLedger {
    /// What waits or is held of a chain, in the order of its numbers.
    ///
    /// - Parameter limit: how many at the most; -1 for all.
    func pending(
        of replica: Int64, in audience: Int64, after number: UInt64, limit: Int
    ) throws -> [PendingChange] {
        try db.all(
            """
            SELECT \(PendingChange.columns) FROM verdict v INDEXED BY verdict_waiting CROSS JOIN pending p
            ON p.replica = v.replica AND p.number = v.number
            WHERE v.replica = ? AND v.audience = ? AND v.number > ? AND v.state IN (2, 3)
            ORDER BY v.number LIMIT ?
            """, [replica, audience, number.pattern, limit]
        ).map(PendingChange.init)
    }

    /// How many changes of a replica wait or are held.
    func waitingCount(of replica: Int64) throws -> Int {
        try db.one(
            """
            SELECT count(*) FROM verdict INDEXED BY verdict_waiting WHERE replica = ? AND state IN (2, 3)
            """, [replica])?[0] ?? 0
    }

    func hasPendingGroups(of replica: Int64) throws -> Bool {
        try db.one(
            """
            SELECT 1 FROM pending p INDEXED BY pending_group CROSS JOIN verdict v
            ON v.replica = p.replica AND v.number = p.number
            WHERE p.replica = ? AND p.members > 0 AND v.state IN (2, 3) LIMIT 1
            """, [replica]
        ) != nil
    }

    /// The chains of which the first that waits follows what is judged: a walk was cut short there.
    func chainsCutShort() throws -> [(replica: ReplicaID, device: RecordID, audience: Int64)] {
        try db.all(
            """
            SELECT DISTINCT r.bits, r.device, c.audience FROM chain c JOIN replica r ON r.id = c.replica
            CROSS JOIN verdict v INDEXED BY verdict_waiting ON v.replica = c.replica AND v.audience = c.audience
            CROSS JOIN pending p ON p.replica = v.replica AND p.number = v.number
            WHERE v.state IN (2, 3) AND v.state = 3 AND p.previous = c.hash AND p.members = 0
            ORDER BY r.bits, c.audience
            """, []
        ).map { (ReplicaID(try $0.id(0)), try $0.record(1), $0[2]) }
    }
}
