import ChangeLog
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

    /// Refuses a held unit, keeps its contents for the secretariat, and goes on with what waits behind it.
    mutating func decline(_ number: UInt64, reason: String) throws {
        for change in try heldUnit(number) {
            try write(.refused(Refusal.declined(reason)), of: change)
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
