import ChangeLog
import GRDB
import SyncProtocol
import TransparencyLog

/// One walk over all that waits of a replica, in the order of its numbers, judging what can be judged.
///
/// A change is judged once the chain before it is known and nothing earlier of its replica in its
/// audience is held or waiting. A group is judged whole, or waits whole.
struct Settlement {
    let ledger: ServerLedger
    let judge: Judge
    let replica: ReplicaRow
    /// What has been decided, by number.
    var verdicts: [UInt64: Verdict] { progress.verdicts }
    private var progress = Progress()
    let facts: RememberedLedger
    /// Per audience, the first change that the later ones wait behind.
    var blocked: [Int64: UInt64] = [:]
    private var arrived: Set<UInt64> = []
    /// Whether what a revoked device handed in is let in.
    var letsInHandedIn = false
    /// How many changes that had been waiting were looked at.
    var walked = 0
    /// The audiences in which more that waits can be judged, in a transaction of its own.
    var cut: Set<Int64> = []
    /// What has been decided of the replicas that continue this one.
    var inherited: [VerdictEntry] = []

    init(ledger: ServerLedger, judge: Judge, replica: ReplicaRow) {
        self.ledger = ledger
        self.judge = judge
        self.replica = replica
        facts = RememberedLedger(ledger)
    }

    /// What a rolled back group takes back.
    private struct Progress {
        var verdicts: [UInt64: Verdict] = [:]
        /// Per audience, the end of the judged part of the chain.
        var tips: [Int64: ChainTip] = [:]
        /// The audiences whose end is to be written, at the end of the walk.
        var moved: Set<Int64> = []
        /// What the tree of receipts is to say of it, at the end of the walk.
        var leaves: [ReceiptLeaf] = []
    }

    /// - Parameter arrivals: what has just come, and is kept with its verdict.
    mutating func run(with arrivals: [PendingChange] = []) throws {
        arrived = Set(arrivals.map(\.number))
        blocked = [:]
        try blockBehindAncestors()
        let audiences = Set(arrivals.map(\.audience))
        if !arrivals.isEmpty, !letsInHandedIn, try !hasGroups(arrivals) {
            try settleChains(of: audiences, with: arrivals)
        } else {
            try settleAll(arrivals)
        }
        try finish()
    }

    /// Goes on with what was cut short.
    mutating func run(in audiences: Set<Int64>) throws {
        guard try !hasGroups([]) else { return try run() }
        blocked = [:]
        try blockBehindAncestors()
        try settleChains(of: audiences, with: [])
        try finish()
    }

    private func hasGroups(_ arrivals: [PendingChange]) throws -> Bool {
        try arrivals.contains { $0.members > 0 } || ledger.hasPendingGroups(of: replica.number)
    }

    private mutating func settleAll(_ arrivals: [PendingChange]) throws {
        let waiting = try ledger.pending(of: replica.number)
        walked = waiting.count
        let pending = waiting + arrivals
        let handedIn = letsInHandedIn ? try ledger.held(of: replica.number, as: Refusal.deviceRevoked) : []
        let letIn = Set(handedIn)
        var rest = pending.sorted { $0.number < $1.number }[...]
        while !rest.isEmpty {
            let unit = Self.unit(at: rest)
            rest = rest.dropFirst(unit.count)
            if unit[0].state == .held {
                // It is the first that is not decided in its chain; its ancestors may still hold it up.
                let isFree = unit.allSatisfy { letIn.contains($0.number) && blocked[$0.audience] == nil }
                if isFree { try judge(unit) } else { block(unit) }
            } else {
                try settle(unit)
            }
        }
    }

    /// What is written once for a whole walk.
    private mutating func finish() throws {
        for audience in progress.moved {
            try ledger.setTip(try tip(of: audience), of: replica.number, in: audience)
        }
        progress.moved = []
        ledger.tree.append(progress.leaves)
        progress.leaves = []
        try settleHeirs()
    }

    /// What the replica continues counts as its own: nothing of it overtakes what is held or waits there.
    private mutating func blockBehindAncestors() throws {
        for (row, through) in try ledger.ancestors(of: replica) {
            for change in try ledger.pending(of: row.number) where change.number <= through {
                blocked[change.audience] = min(blocked[change.audience] ?? change.number, change.number)
            }
        }
    }

    /// What waits behind changes of this replica elsewhere may go on now.
    private mutating func settleHeirs() throws {
        for heir in try ledger.heirs(of: replica) {
            var settlement = Settlement(ledger: ledger, judge: judge, replica: heir)
            try settlement.run()
            inherited += settlement.decided
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

    mutating func settle(_ unit: [PendingChange]) throws {
        let obstacle = try obstacle(before: unit)
        let isComplete = unit[0].members == 0 || unit.count == unit[0].members
        if obstacle == nil, isComplete { return try judge(unit) }
        if obstacle == nil, try isBroken(unit) {
            for change in unit { try finish(change, .refused(Refusal.groupBroken)) }
            return
        }
        for change in unit {
            let behind = blocked[change.audience] ?? obstacle ?? 0
            if change.behind != behind { try write(.waiting(behind: behind), of: change) }
        }
        block(unit)
    }

    mutating func block(_ unit: [PendingChange]) {
        for change in unit where blocked[change.audience] == nil {
            blocked[change.audience] = change.number
        }
    }

    /// What stands before a unit: the number of a change, 0 for one that has not come, nil for nothing.
    private mutating func obstacle(before unit: [PendingChange]) throws -> UInt64? {
        var tails: [Int64: ChangeHash] = [:]
        for change in unit {
            if let number = blocked[change.audience] { return number }
            let tail: ChangeHash
            if let known = tails[change.audience] {
                tail = known
            } else {
                tail = try tip(of: change.audience).hash
            }
            guard change.previous == tail else { return 0 }
            tails[change.audience] = change.hash
        }
        return nil
    }

    /// Whether the missing members of a group can never come: their numbers are other changes.
    private func isBroken(_ unit: [PendingChange]) throws -> Bool {
        let (first, last) = (unit[0], unit[unit.count - 1])
        if first.member > 0, try isReceived(first.number - 1) { return true }
        return try last.member + 1 < last.members && isReceived(last.number + 1)
    }

    private func isReceived(_ number: UInt64) throws -> Bool {
        try arrived.contains(number) || ledger.verdict(of: replica.number, number) != nil
    }

    private mutating func judge(_ unit: [PendingChange]) throws {
        var outcome = try decide(unit, isReleased: false)
        if letsInHandedIn, case .held(let reason) = outcome, reason == Refusal.deviceRevoked {
            outcome = try decide(unit, isReleased: true)
        }
        switch outcome {
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

        /// Whether no rule of the domain has held it.
        var isFree: Bool {
            switch self {
            case .accepted: true
            case .held(let reason): reason == Refusal.deviceRevoked
            case .refused: false
            }
        }
    }

    /// Judges a unit and accepts it when it may stand, at adjacent positions; or leaves no trace.
    mutating func decide(_ unit: [PendingChange], isReleased: Bool) throws -> Outcome {
        let contents: [Contents]
        switch try read(unit) {
        case .success(let changes): contents = changes
        case .failure(let fault): return .refused(fault.reasons(unit.count))
        }
        guard let author = try facts.author(replica.device) else {
            return .refused(unit.map { _ in Refusal.replicaForeign })
        }
        // Nothing of a single change has to be taken back: it is judged before it is written.
        if unit.count == 1 {
            return try accept(unit, contents, author, isReleased: isReleased).outcome
        }
        let before = progress
        var outcome = Outcome.accepted
        try ledger.db.inSavepoint {
            let (found, mayStay) = try accept(unit, contents, author, isReleased: isReleased)
            outcome = found
            return mayStay ? .commit : .rollback
        }
        if case .accepted = outcome { return outcome }
        progress = before
        facts.forget()
        return outcome
    }

    /// Judges the members one after another, and accepts them, so that later ones can build on earlier
    /// ones.
    private mutating func accept(
        _ unit: [PendingChange], _ contents: [Contents], _ author: Admission.Author, isReleased: Bool
    ) throws -> (outcome: Outcome, mayStay: Bool) {
        var outcome = Outcome.accepted
        for (index, pending) in unit.enumerated() {
            switch try judge.outcome(
                of: contents[index].change, by: author, received: pending.received, chain: pending.hash,
                isReleased: isReleased, in: facts)
            {
            case .accept: break
            case .hold(let reason):
                // A later member may still be refused, and then all are; it is judged as if this one
                // stood, which it may build on. That the device was revoked is told where nothing else is.
                if outcome.isFree { outcome = .held(reason) }
                if unit.count == 1 { return (outcome, false) }
            case .refuse(let reason):
                return (.refused(MemberFault(member: index, reason: reason).reasons(unit.count)), false)
            }
            try accept(pending, contents[index], author)
        }
        if case .accepted = outcome { return (outcome, true) }
        return (outcome, false)
    }

    private mutating func accept(
        _ pending: PendingChange, _ contents: Contents, _ author: Admission.Author
    ) throws {
        let stamp = min(contents.change.envelope.time, HybridTime(milliseconds: pending.received))
        let effective = max(stamp, try tip(of: pending.audience).effective)
        let position = Position(try facts.head().value + 1)
        guard position.value < ServerLedger.lastPosition else {
            throw ServerError(
                .damaged, "No position comes after the newest", remedy: "Restore the data from a backup")
        }
        try ledger.accept(
            AcceptedChange(
                change: contents.change, author: author, position: position, effective: effective,
                received: pending.received, hash: pending.hash, replica: pending.replica,
                audience: pending.audience, bytes: contents.bytes))
        facts.advance(to: position)
        try finish(pending, .accepted(position, effective: effective))
    }

    mutating func tip(of audience: Int64) throws -> ChainTip {
        if let known = progress.tips[audience] { return known }
        let tip = try ledger.tip(of: replica.number, in: audience) ?? .start
        progress.tips[audience] = tip
        return tip
    }

    /// Writes a verdict, and moves the judged end of the chain on.
    mutating func finish(_ pending: PendingChange, _ verdict: Verdict) throws {
        var effective = try tip(of: pending.audience).effective
        if case .accepted(_, let time) = verdict { effective = time }
        progress.tips[pending.audience] = ChainTip(
            number: pending.number, hash: pending.hash, effective: effective)
        progress.moved.insert(pending.audience)
        try write(verdict, of: pending)
        if case .held = verdict { return }
        guard pending.arrival == nil else { return }
        try ledger.db.run(
            "DELETE FROM pending WHERE replica = ? AND number = ?",
            [pending.replica, pending.number.pattern])
    }

    /// Writes a verdict on a held change without its end of the chain: that was moved when it was held.
    mutating func decline(_ change: PendingChange, _ verdict: Verdict) throws {
        try write(verdict, of: change)
    }

    private mutating func write(_ verdict: Verdict, of change: PendingChange) throws {
        progress.verdicts[change.number] = verdict
        if let arrival = change.arrival {
            try ledger.insert(change, arrival, verdict, leaf: try log(verdict, of: change))
        } else {
            // What it waits behind is in no leaf.
            let isNew = VerdictRow(verdict).state != change.state
            try ledger.setVerdict(
                verdict, of: change.replica, change.number,
                leaf: isNew ? try log(verdict, of: change) : nil)
        }
    }

    /// Makes the leaf that says so.
    ///
    /// - Returns: its index.
    private mutating func log(_ verdict: Verdict, of change: PendingChange) throws -> UInt64 {
        let index = try ledger.treeSize() + UInt64(progress.leaves.count)
        var position: Position?
        if case .accepted(let place, _) = verdict { position = place }
        progress.leaves.append(
            ReceiptLeaf(
                received: change.received, change: change.hash,
                verdict: VerdictRow(verdict).state.logged, position: position))
        return index
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
    /// A change and its canonical form.
    private struct Contents {
        let change: Change
        let bytes: [UInt8]
    }

    /// Reads the contents of a unit.
    private func read(_ unit: [PendingChange]) throws -> Result<[Contents], MemberFault> {
        var contents: [Contents] = []
        for (index, pending) in unit.enumerated() {
            guard let bytes = try ledger.contents(of: pending) else {
                return .failure(MemberFault(member: index, reason: Refusal.withdrawn))
            }
            guard bytes.count <= Limits.changeBytes else {
                return .failure(MemberFault(member: index, reason: Refusal.changeTooLarge))
            }
            if let change = pending.arrival?.change {
                contents.append(Contents(change: change, bytes: bytes))
                continue
            }
            do {
                contents.append(Contents(change: try Change(canonicalBytes: bytes), bytes: bytes))
            } catch {
                return .failure(MemberFault(member: index, reason: Refusal.unreadable(error)))
            }
        }
        guard Set(contents.map(\.change.envelope.base)).count <= 1 else {
            return .failure(MemberFault(member: 0, reason: Refusal.groupBroken))
        }
        // So that a group always fits into one frame, with what leads to it in each of its chains.
        let links = unit[0].members > 0 ? try linkBytes(before: unit) : 0
        guard contents.reduce(links, { $0 + $1.bytes.count }) <= Limits.changeBytes else {
            return .failure(MemberFault(member: 0, reason: Refusal.groupTooLarge))
        }
        return .success(contents)
    }

    /// The bytes of the links that a reader gets with a unit, for changes before it without a position.
    private func linkBytes(before unit: [PendingChange]) throws -> Int {
        var firsts: [Int64: UInt64] = [:]
        for change in unit where firsts[change.audience] == nil { firsts[change.audience] = change.number }
        return try firsts.reduce(0) { sum, first in
            let chain = GrowingBatch.Chain(replica: replica.number, audience: first.key)
            guard try ledger.hasWithheld(chain) else { return sum }
            return sum + 32 * (try ledger.withheldLinks(of: chain, before: first.value)).count
        }
    }
}
