import ChangeLog
import Merging

/// What must hold wherever all is quiet.
extension Model {
    func complaint(about state: ModelState) -> String? {
        difference(in: state) ?? falseSight(in: state) ?? loss(in: state)
    }

    /// All replicas hold the same accepted changes now, each in its own order of arrival.
    private func difference(in state: ModelState) -> String? {
        for audience: UInt8 in 0...1 {
            var bytes: [[UInt8]] = []
            for replica in 0..<3 {
                let own = state.order.filter { Int($0) / ModelState.slotsPerReplica == replica }
                let others = state.order.filter { Int($0) / ModelState.slotsPerReplica != replica }
                let arrival = own.sorted() + others
                bytes.append(
                    merged(state, arrival.map { Int($0) }, audience: audience) { _ in true }.canonicalBytes)
            }
            guard bytes.allSatisfy({ $0 == bytes[0] }) else {
                return "replicas differ after \(describe(state))"
            }
        }
        return nil
    }

    /// By the three numbers a change saw exactly what was in its author's view.
    private func falseSight(in state: ModelState) -> String? {
        for later in state.order {
            guard let change = state.slots[Int(later)] else { continue }
            let envelope = Envelope(
                id: Self.id(Int(later)),
                base: Base(
                    epoch: Epoch(1), position: Position(UInt64(change.basePosition)),
                    own: UInt64(change.baseOwn)),
                time: HybridTime(0), audience: Story.audience, schema: 1)
            for earlier in state.order where earlier != later {
                guard let other = state.slots[Int(earlier)] else { continue }
                let saw = envelope.saw(Self.id(Int(earlier)), at: Position(UInt64(other.position)))
                let had = change.viewed & 1 << UInt16(earlier) != 0
                if saw != had {
                    let claim = saw ? "claims to have seen" : "does not say that it saw"
                    return "\(later) \(claim) \(earlier) in \(describe(state))"
                }
            }
        }
        return nil
    }

    /// No edit is lost that nobody saw.
    private func loss(in state: ModelState) -> String? {
        let order = state.order.map { Int($0) }
        let record = merged(state, order) { _ in true }
        let readable = readable(record, state, order)
        for slot in order {
            guard let change = state.slots[slot], change.audience == 0 else { continue }
            if readable & 1 << UInt16(slot) != 0 { continue }
            let isReplaced = order.contains { isSuperseded(slot, by: $0, in: state) }
            if !isReplaced { return "change \(slot) is lost in \(describe(state))" }
        }
        return nil
    }

    /// Whether the author of `later` gave `slot` up: with it on the screen, or with an edit of the same
    /// replica on the screen that had given it up. That one may have been refused since.
    private func isSuperseded(_ slot: Int, by later: Int, in state: ModelState) -> Bool {
        if supersedes(later, slot, in: state) { return true }
        let first = later / ModelState.slotsPerReplica * ModelState.slotsPerReplica
        return (first..<later).contains { own in
            supersedes(later, own, in: state) && isSuperseded(slot, by: own, in: state)
        }
    }

    private func supersedes(_ later: Int, _ earlier: Int, in state: ModelState) -> Bool {
        guard let change = state.slots[later], change.audience == 0 else { return false }
        guard change.onScreen & 1 << UInt16(earlier) != 0 else { return false }
        if !change.wasDisputed || change.settling & 1 << UInt16(earlier) != 0 { return true }
        // Once one side of the dispute was refused, nobody but the author ever knew of it: what is left
        // on the screen is an edit that the author saw and wrote over.
        let wasWithdrawn = state.slots.indices.contains { slot in
            let status = state.slots[slot]?.status
            return change.viewed & 1 << UInt16(slot) != 0 && (status == .tray || status == .resent)
        }
        return wasWithdrawn
            || later / ModelState.slotsPerReplica == earlier / ModelState.slotsPerReplica
    }

    private func describe(_ state: ModelState) -> String {
        let changes = state.slots.indices.compactMap { slot in
            state.slots[slot].map { change in
                "\(slot): \(change.act) on (\(change.basePosition), \(change.baseOwn)) "
                    + "\(change.status) at \(change.position) kept \(change.kept) "
                    + "settling \(change.settling) saw \(change.onScreen)"
            }
        }
        return "\(scenario.name): " + changes.joined(separator: "; ")
    }
}
