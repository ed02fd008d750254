import ChangeLog
import GRDB
import SyncProtocol

extension Settlement {
    /// Gives a held unit its positions, and goes on with what waits behind it.
    ///
    /// - Returns: why it cannot stand any more, in which case it is refused now; nil when it is accepted.
    mutating func release(_ number: UInt64) throws -> Reason? {
        let unit = try heldUnit(number)
        var why: Reason?
        switch try decide(unit, isReleased: true) {
        case .accepted, .held: break
        case .refused(let reasons):
            for (change, reason) in zip(unit, reasons) {
                try finish(change, .refused(reason))
                if change.number == number { why = reason }
            }
        }
        try run()
        return why
    }

    /// Gives all that a revoked device handed in behind a change its positions too, as far as it can stand.
    mutating func releaseHandedIn(behind number: UInt64) throws {
        var last = number
        // What waited behind one that is released is held for itself then.
        while let next = try ledger.held(of: replica.number, behind: last, as: Refusal.deviceRevoked) {
            _ = try release(next)
            last = next
        }
    }

    /// Judges again what is held for something that a restore lost.
    mutating func retryMissing() throws {
        let numbers = try ledger.missing(of: replica.number)
        for number in numbers {
            let unit = try heldUnit(number)
            // The first of a group speaks for all.
            guard unit.first?.number == number else { continue }
            switch try decide(unit, isReleased: false) {
            case .accepted, .held: break
            case .refused(let reasons):
                for (change, reason) in zip(unit, reasons) { try finish(change, .refused(reason)) }
            }
        }
        if !numbers.isEmpty { try run() }
    }

    /// Refuses a held unit, keeps its contents for the secretariat, and goes on with what waits behind it.
    mutating func decline(_ number: UInt64, reason: String) throws {
        for change in try heldUnit(number) {
            try decline(change, .refused(Refusal.declined(reason)))
        }
        try run()
    }

    private func heldUnit(_ number: UInt64) throws -> [PendingChange] {
        let pending = try ledger.pending(of: replica.number).filter { $0.state == .held }
        guard let index = pending.firstIndex(where: { $0.number == number }) else { throw Refusal.notHeld }
        let first = index - pending[index].member
        guard first >= 0 else { throw Refusal.notHeld }
        return Self.unit(at: pending[first...])
    }
}

extension ServerLedger {
    /// The replicas of which something is held for what a restore lost.
    func replicasWithMissing() throws -> [ReplicaRow] {
        try db.all(
            """
            SELECT DISTINCT r.bits FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
            JOIN replica r ON r.id = p.replica WHERE v.state = 2 AND v.code = ? ORDER BY r.bits
            """, [Refusal.restoreMissing.code]
        ).compactMap { try replicaRow(ReplicaID($0.id(0))) }
    }

    /// The first change of a replica behind a number that is held for a reason.
    fileprivate func held(of replica: Int64, behind number: UInt64, as reason: Reason) throws -> UInt64? {
        try db.one(
            """
            SELECT p.number FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
            WHERE p.replica = ? AND p.number > ? AND v.state = 2 AND v.code = ? ORDER BY p.number LIMIT 1
            """, [replica, number.pattern, reason.code]
        )?.word(0)
    }

    fileprivate func missing(of replica: Int64) throws -> [UInt64] {
        try db.all(
            """
            SELECT p.number FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
            WHERE p.replica = ? AND v.state = 2 AND v.code = ? ORDER BY p.number
            """, [replica, Refusal.restoreMissing.code]
        ).map { $0.word(0) }
    }
}
