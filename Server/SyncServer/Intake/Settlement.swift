import ChangeLog
import GRDB
import SyncProtocol

/// One walk over all that waits of a replica, in the order of its numbers, judging what can be judged.
///
/// A change is judged once the chain before it is known and nothing earlier of its replica in its
/// audience is held or waiting. A group is judged whole, or waits whole.
struct Settlement {
    let ledger: ServerLedger
    let judge: Judge
    let replica: ReplicaRow
    /// Per audience, the first change that the later ones wait behind.
    private var blocked: [Int64: UInt64] = [:]

    init(ledger: ServerLedger, judge: Judge, replica: ReplicaRow) {
        self.ledger = ledger
        self.judge = judge
        self.replica = replica
    }

    mutating func run() throws {
        let pending = try ledger.pending(of: replica.number)
        var rest = pending[...]
        while !rest.isEmpty {
            let unit = Self.unit(at: rest)
            rest = rest.dropFirst(unit.count)
            if unit[0].state == .held {
                block(unit)
            } else {
                try settle(unit)
            }
        }
    }

    /// The changes that are judged together: one, or the members of a group that are there.
    static func unit(at rest: ArraySlice<PendingChange>) -> [PendingChange] {
        guard let first = rest.first else { return [] }
        guard first.members > 0 else { return [first] }
        var unit = [first]
        for next in rest.dropFirst() {
            guard next.members == first.members, next.member == first.member + unit.count,
                next.number == first.number + UInt64(unit.count), next.state == first.state
            else { break }
            unit.append(next)
        }
        return unit
    }

    private mutating func settle(_ unit: [PendingChange]) throws {
        let obstacle = try obstacle(before: unit)
        let isComplete = unit[0].members == 0 || unit.count == unit[0].members
        if obstacle == nil, isComplete { return try judge(unit) }
        if obstacle == nil, try isBroken(unit) {
            for change in unit { try finish(change, .refused(Refusal.groupBroken)) }
            return
        }
        for change in unit {
            let behind = blocked[change.audience] ?? obstacle ?? 0
            guard change.behind != behind else { continue }
            try ledger.setVerdict(.waiting(behind: behind), of: change.replica, change.number)
        }
        block(unit)
    }

    private mutating func block(_ unit: [PendingChange]) {
        for change in unit where blocked[change.audience] == nil {
            blocked[change.audience] = change.number
        }
    }

    /// What stands before a unit: the number of a change, 0 for one that has not come, nil for nothing.
    private func obstacle(before unit: [PendingChange]) throws -> UInt64? {
        var tails: [Int64: ChangeHash] = [:]
        for change in unit {
            if let number = blocked[change.audience] { return number }
            let tail: ChangeHash
            if let known = tails[change.audience] {
                tail = known
            } else {
                tail = try ledger.tip(of: change.replica, in: change.audience)?.hash ?? .zero
            }
            guard change.previous == tail else { return 0 }
            tails[change.audience] = change.hash
        }
        return nil
    }

    /// Whether the missing members of a group can never come: their numbers are other changes.
    private func isBroken(_ unit: [PendingChange]) throws -> Bool {
        let (first, last) = (unit[0], unit[unit.count - 1])
        if first.member > 0, try ledger.verdict(of: first.replica, first.number - 1) != nil { return true }
        if last.member + 1 < last.members {
            return try ledger.verdict(of: last.replica, last.number + 1) != nil
        }
        return false
    }

    private mutating func judge(_ unit: [PendingChange]) throws {
        switch try decide(unit, isReleased: false) {
        case .accepted: break
        case .held(let reason):
            for change in unit { try finish(change, .held(reason)) }
            block(unit)
        case .refused(let reasons):
            for (change, reason) in zip(unit, reasons) { try finish(change, .refused(reason)) }
        }
    }

    /// What was decided about a unit; accepted means that it is done.
    enum Outcome {
        case accepted
        case held(Reason)
        /// One for each member.
        case refused([Reason])
    }

    /// Judges a unit and accepts it when it may stand, at adjacent positions; or leaves no trace.
    func decide(_ unit: [PendingChange], isReleased: Bool) throws -> Outcome {
        let contents: [Change]
        switch try read(unit) {
        case .success(let changes): contents = changes
        case .failure(let fault): return .refused(fault.reasons(unit.count))
        }
        guard let author = try ledger.author(replica.device) else {
            return .refused(unit.map { _ in Refusal.replicaForeign })
        }
        var outcome = Outcome.accepted
        try ledger.db.inSavepoint {
            for (index, pair) in zip(unit, contents).enumerated() {
                let (pending, change) = pair
                switch try judge.outcome(
                    of: change, by: author, received: pending.received, isReleased: isReleased, in: ledger)
                {
                case .accept: try accept(pending, change, author)
                case .hold(let reason):
                    // A later member may still be refused, and then all are; it is judged as if this one
                    // stood, which it may build on.
                    if case .accepted = outcome { outcome = .held(reason) }
                    try accept(pending, change, author)
                case .refuse(let reason):
                    outcome = .refused(MemberFault(member: index, reason: reason).reasons(unit.count))
                    return .rollback
                }
            }
            if case .accepted = outcome { return .commit }
            return .rollback
        }
        return outcome
    }

    private func accept(_ pending: PendingChange, _ change: Change, _ author: Admission.Author) throws {
        let tip = try ledger.tip(of: pending.replica, in: pending.audience) ?? .start
        let stamp = min(change.envelope.time, HybridTime(milliseconds: pending.received))
        let effective = max(stamp, tip.effective)
        let position = Position(try ledger.head().value + 1)
        try ledger.accept(
            AcceptedChange(
                change: change, author: author, position: position, effective: effective,
                received: pending.received, hash: pending.hash, replica: pending.replica,
                audience: pending.audience, bytes: change.canonicalBytes))
        try finish(pending, .accepted(position, effective: effective))
    }

    /// Writes a verdict, and moves the judged end of the chain on.
    func finish(_ pending: PendingChange, _ verdict: Verdict) throws {
        let tip = try ledger.tip(of: pending.replica, in: pending.audience) ?? .start
        var effective = tip.effective
        if case .accepted(_, let time) = verdict { effective = time }
        let end = ChainTip(number: pending.number, hash: pending.hash, effective: effective)
        try ledger.setTip(end, of: pending.replica, in: pending.audience)
        try ledger.setVerdict(verdict, of: pending.replica, pending.number)
        if case .held = verdict { return }
        try ledger.db.run(
            "DELETE FROM pending WHERE replica = ? AND number = ?",
            [pending.replica, pending.number.pattern])
    }
}

/// The member of a unit that cannot stand.
struct MemberFault: Error {
    let member: Int
    let reason: Reason

    /// The reason at the faulty member, and at the others that they share its fate.
    func reasons(_ count: Int) -> [Reason] {
        (0..<count).map { $0 == member ? reason : Refusal.groupMember }
    }
}

extension Settlement {
    /// Reads the contents of a unit.
    private func read(_ unit: [PendingChange]) throws -> Result<[Change], MemberFault> {
        var changes: [Change] = []
        var bytes = 0
        for (index, pending) in unit.enumerated() {
            let (_, stored) = try ledger.contents(of: pending)
            guard let stored else { return .failure(MemberFault(member: index, reason: Refusal.withdrawn)) }
            guard stored.count <= Limits.changeBytes else {
                return .failure(MemberFault(member: index, reason: Refusal.changeTooLarge))
            }
            do {
                changes.append(try Change(canonicalBytes: stored))
            } catch {
                return .failure(MemberFault(member: index, reason: Refusal.unreadable(error)))
            }
            bytes += stored.count
        }
        guard Set(changes.map(\.envelope.base)).count <= 1 else {
            return .failure(MemberFault(member: 0, reason: Refusal.groupBroken))
        }
        // So that a group always fits into one frame.
        guard bytes <= Limits.changeBytes else {
            return .failure(MemberFault(member: 0, reason: Refusal.groupTooLarge))
        }
        return .success(changes)
    }
}
