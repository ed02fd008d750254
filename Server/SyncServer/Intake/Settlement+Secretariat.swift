import ChangeLog
import GRDB
import SyncProtocol

extension Settlement {
    /// Gives a held unit its positions, and goes on with what waits behind it.
    ///
    /// - Parameter handedIn: whether all that its revoked device handed in gets them too, as far as it can stand.
    /// - Returns: why it cannot stand any more, in which case it is refused now; nil when it is accepted.
    mutating func release(_ number: UInt64, handedIn: Bool = false) throws -> Reason? {
        letsInHandedIn = handedIn
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

    /// Judges again what is held for something that a restore lost; after 30 days it is not waited for any more.
    ///
    /// - Parameter now: milliseconds since 1970 UTC.
    mutating func retryMissing(at now: Int64) throws {
        // Settlements of other replicas may have given positions since.
        facts.forget()
        let missing = Refusal.restoreMissing
        let numbers = try ledger.held(of: replica.number, as: missing)
        for number in numbers {
            let unit = try heldUnit(number)
            // The first of a group speaks for all.
            guard unit.first?.number == number else { continue }
            switch try decide(unit, isReleased: false) {
            case .accepted: break
            // It may be held for another reason now.
            case .held(let reason) where reason.code != missing.code:
                for change in unit { try finish(change, .held(reason)) }
            case .held:
                guard now - unit[0].received > IntakeLimits.missingDays * 86_400_000 else { continue }
                for change in unit { try finish(change, .refused(Refusal.restoreLost)) }
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
    /// The replicas that a device writes or wrote with, in the order in which they came.
    func replicas(of device: RecordID) throws -> [ReplicaRow] {
        try db.all("SELECT bits FROM replica WHERE device = ? ORDER BY id", [device.bytes.blob])
            .compactMap { try replicaRow(ReplicaID($0.id(0))) }
    }

    /// The replicas of which something is held for what a restore lost.
    func replicasWithMissing() throws -> [ReplicaRow] {
        try db.all(
            """
            SELECT DISTINCT r.bits FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
            JOIN replica r ON r.id = p.replica WHERE v.state = 2 AND v.code = ? ORDER BY r.bits
            """, [Refusal.restoreMissing.code]
        ).compactMap { try replicaRow(ReplicaID($0.id(0))) }
    }

    /// What is held of a replica for a reason, in the order of numbers.
    func held(of replica: Int64, as reason: Reason) throws -> [UInt64] {
        try db.all(
            """
            SELECT p.number FROM pending p CROSS JOIN verdict v ON v.replica = p.replica AND v.number = p.number
            WHERE p.replica = ? AND v.state = 2 AND v.code = ? ORDER BY p.number
            """, [replica, reason.code]
        ).map { $0.word(0) }
    }
}
