import ChangeLog
import Merging

/// Explores every interleaving of a scenario and folds with the real fold.
final class Model {
    let scenario: Scenario
    let fault: Fault?
    private(set) var states = 0
    private(set) var settledStates = 0
    /// The first thing found wrong.
    private(set) var violation: String?
    private var folds: [[UInt8]: MergedRecord] = [:]

    init(_ scenario: Scenario, fault: Fault? = nil) {
        self.scenario = scenario
        self.fault = fault
    }

    /// Depth first over all states; stops at the first violation.
    func explore() {
        var known: Set<[UInt8]> = []
        var open = [ModelState(scenario)]
        while let state = open.popLast(), violation == nil {
            guard known.insert(state.key).inserted else { continue }
            states += 1
            if isQuiet(state) {
                settledStates += 1
                violation = complaint(about: state)
            }
            open += successors(of: state)
        }
    }

    /// Whether every edit was made and sent, and every replica has pulled everything.
    private func isQuiet(_ state: ModelState) -> Bool {
        let isSent = !state.slots.contains { $0?.status == .local }
        let isPulled = state.replicas.indices.allSatisfy { replica in
            let person = state.replicas[replica]
            return person.hasGrant && Int(person.cursor) == state.order.count && person.form == nil
                && Int(person.nextIntent) == scenario.intents[replica].count
        }
        return isSent && isPulled
    }

    // MARK: The bridge to the fold

    static let records = [Story.record(1), Story.record(2)]

    func merged(_ state: ModelState, _ slots: [Int], audience: UInt8 = 0, accepted: (Int) -> Bool)
        -> MergedRecord
    {
        var key: [UInt8] = [audience]
        for slot in slots {
            guard let change = state.slots[slot], change.audience == audience else { continue }
            key += [UInt8(slot), accepted(slot) ? 1 : 0]
            key += change.folded
        }
        if let fold = folds[key] { return fold }
        var entries = [genesis(audience)]
        for slot in slots {
            guard let change = state.slots[slot], change.audience == audience else { continue }
            entries.append(
                entry(state, change, slot, accepted: accepted(slot), arrival: entries.count))
        }
        let fold = RecordFold.fold(record: Self.records[Int(audience)], entries: entries)
        folds[key] = fold
        return fold
    }

    private func genesis(_ audience: UInt8) -> LogEntry {
        let id = ChangeID(replica: Story.replica("s"), number: 1)
        let base = Base(epoch: Epoch(1), position: .origin, own: 0)
        let operation = Operation.create(
            Self.records[Int(audience)], kind: "note", parent: nil, key: nil)
        // At position 0 it is in every view, also in that of a replica without the grant.
        return LogEntry(
            Change(
                envelope: Envelope(
                    id: id, base: base, time: HybridTime(0), audience: Story.audience, schema: 1),
                salt: .plain(Identifier128(high: 0, low: 0)), operations: [operation]),
            .accepted(.origin, effective: HybridTime(0)))
    }

    static func id(_ slot: Int) -> ChangeID {
        let letter: [Character] = ["a", "b", "c"]
        return ChangeID(
            replica: Story.replica(letter[slot / ModelState.slotsPerReplica]),
            number: UInt64(slot % ModelState.slotsPerReplica + 1))
    }

    static func slot(of change: ChangeID) -> Int? {
        (0..<3 * ModelState.slotsPerReplica).first { id($0) == change }
    }

    static func ids(_ mask: UInt16) -> [ChangeID] {
        (0..<16).filter { mask & 1 << UInt16($0) != 0 }.map { id($0) }
    }

    static func value(_ change: ModelChange) -> Value { .integer(Int64(change.value)) }

    private func entry(
        _ state: ModelState, _ change: ModelChange, _ slot: Int, accepted: Bool, arrival: Int
    ) -> LogEntry {
        let record = Self.records[Int(change.audience)]
        let settling = Self.ids(
            fault == .resolutionReplacesUnseen && change.act == .resolve ? 0x7fff : change.settling)
        let operation: Operation =
            switch change.act {
            case .write: .write(record, "name", .register, Self.value(change))
            case .resolve:
                .resolve(
                    record, "name", .register,
                    change.namesKept ? .keep(Self.id(Int(change.kept))) : .value(Self.value(change)),
                    settling: settling)
            case .remove: .remove(record, settling: settling)
            case .restore: .restore(record, settling: settling)
            }
        // Clocks are wrong on purpose: replica a is ahead of all, and stands still.
        let author = slot / ModelState.slotsPerReplica
        let time = HybridTime(UInt64([900, 100, 500][author]))
        let isBlind = fault == .resolutionReplacesUnseen && change.act == .resolve
        let base = Base(
            epoch: Epoch(1), position: Position(isBlind ? 99 : UInt64(change.basePosition)),
            own: UInt64(change.baseOwn))
        let envelope = Envelope(
            id: Self.id(slot), base: base, time: time, audience: Story.audience, schema: 1)
        let effective = fault == .tieBreakByArrival ? HybridTime(UInt64(arrival)) : time
        return LogEntry(
            Change(
                envelope: envelope, salt: .plain(Identifier128(high: 0, low: 0)), operations: [operation]),
            accepted
                ? .accepted(Position(UInt64(change.position)), effective: effective) : .pending)
    }

    // MARK: The screen

    func screen(of state: ModelState, _ view: UInt16, at person: ModelReplica, by replica: Int) -> Screen {
        let slots = state.slots.indices.filter { view & 1 << UInt16($0) != 0 }
        let record = merged(state, slots) { slot in
            guard let change = state.slots[slot] else { return false }
            return change.status == .accepted && change.position <= person.cursor
        }
        var screen = Screen()
        screen.isRemoved = record.presence == .removed
        screen.onScreen = readable(record, state, slots)
        if let conflict = record["name"]?.conflicts.first {
            screen.isFieldDisputed = true
            screen.fieldSettling = Self.mask(conflict.settling)
            screen.shown = Self.slot(of: conflict.shown).map { UInt8($0) } ?? 255
            screen.shownValue = state.slots[Int(screen.shown)]?.value ?? 255
            let shown = conflict.candidates.first { $0.change == conflict.shown }
            screen.isShownPending = shown?.position == nil
        }
        if let conflict = record.conflict {
            screen.isRecordDisputed = true
            screen.recordSettling = Self.mask(conflict.settling)
        }
        return screen
    }

    static func mask(_ changes: [ChangeID]) -> UInt16 {
        changes.compactMap { slot(of: $0) }.reduce(0) { $0 | 1 << UInt16($1) }
    }

    /// The edits that a person can read off the record: by value and by the lists of its conflicts, not
    /// by what the fold says of its own reasons.
    func readable(_ record: MergedRecord, _ state: ModelState, _ slots: [Int]) -> UInt16 {
        var mask: UInt16 = 0
        for slot in slots {
            guard let change = state.slots[slot] else { continue }
            let isListed = record.conflicts.contains { conflict in
                conflict.candidates.contains { $0.change == Self.id(slot) }
            }
            let isShown =
                switch change.act {
                case .write, .resolve:
                    record.presence != .removed && record["name"]?.value == Self.value(change)
                case .remove: record.presence == .removed
                case .restore: record.presence != .removed
                }
            if isListed || isShown { mask |= 1 << UInt16(slot) }
        }
        return mask
    }
}
