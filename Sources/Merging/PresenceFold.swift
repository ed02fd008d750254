import ChangeLog

/// Folds whether a record is there: a register of creations, removals and restorations, against whose
/// removals every edit counts that nobody settled.
///
/// An edit is *settled* by a creation, removal or restoration whose author saw it: by any when the
/// author saw no dispute; otherwise by one of its own replica, or by one that names it. Naming a
/// replica's change names its earlier edits too, since a conflict lists the latest only.
///
/// An edit counts against a removal also when its author had seen that removal: a removed record
/// cannot be edited, so the author had it on the screen, by an edit that may have been refused since.
struct PresenceFold {
    let record: RecordID
    /// In the order of `Rank`.
    let edits: [RecordEdit]
    /// Creations, removals and restorations in the order of `Rank`.
    private var seen = SeenSteps()
    private var reaches: [Reach] = []
    private var isReplaced: [Bool] = []
    private var isSettled: [Bool]

    private enum Reach {
        case everything, ownReplica
        case named(Named)
    }

    /// The changes that a step names, and the latest of each replica among them.
    private struct Named {
        let changes: Set<ChangeID>
        private var latest: [ReplicaID: UInt64] = [:]

        init(_ named: [ChangeID]) {
            changes = Set(named)
            for change in named { latest[change.replica] = max(latest[change.replica] ?? 0, change.number) }
        }

        /// Naming a replica's change names its earlier edits too.
        func includes(edit: ChangeID) -> Bool { latest[edit.replica].map { $0 >= edit.number } ?? false }
    }

    init(_ record: RecordID, steps: [Step], edits: [RecordEdit]) {
        self.record = record
        self.edits = edits
        isSettled = Array(repeating: false, count: edits.count)
        for step in steps { append(step) }
    }

    private var steps: [Step] { seen.steps }

    /// Indexes of the steps that none replaces.
    private var candidates: [Int] { steps.indices.filter { !isReplaced[$0] } }

    /// The edits that no removal was made for, and nobody settled.
    private var open: [RecordEdit] { edits.indices.filter { !isSettled[$0] }.map { edits[$0] } }

    private mutating func append(_ step: Step) {
        let known = edits.indices.filter { edits[$0].isSeen(by: step) }
        let view: [Int]
        let isDisputed: Bool
        if seen.areAllSeen(by: step) {
            view = candidates
            isDisputed = self.isDisputed(view) { known.contains { !isSettled[$0] } }
        } else {
            view = seen.seen(by: step)
            isDisputed = self.isDisputed(candidates(in: view)) { hasOpenEdits(known, in: view) }
        }
        let named = step.operation.settling
        reaches.append(!isDisputed ? .everything : named.isEmpty ? .ownReplica : .named(Named(named)))
        seen.append(step)
        let latest = steps.count - 1
        for index in view where !isReplaced[index] { isReplaced[index] = replaces(latest, index) }
        for edit in known where !isSettled[edit] { isSettled[edit] = settles(latest, edits[edit]) }
        isReplaced.append(false)
    }

    private func replaces(_ later: Int, _ earlier: Int) -> Bool {
        let (step, other) = (steps[later], steps[earlier])
        switch reaches[later] {
        case .everything: return step.sees(other)
        case .ownReplica: return step.owns(other.change) && step.sees(other)
        case .named(let named): return named.changes.contains(other.change) && step.sees(other)
        }
    }

    private func settles(_ step: Int, _ edit: RecordEdit) -> Bool {
        guard edit.isSeen(by: steps[step]) else { return false }
        let change = edit.envelope.id
        switch reaches[step] {
        case .everything: return true
        case .ownReplica: return steps[step].owns(change)
        case .named(let named): return named.includes(edit: change)
        }
    }

    /// Whether some of these edits (ascending) are settled by no step of a view (ascending): one walk from
    /// the last to the first, as below.
    private func hasOpenEdits(_ known: [Int], in view: [Int]) -> Bool {
        var horizon = Horizon()
        var naming: [Int] = []
        var rest = view[...]
        for index in known.reversed() {
            let edit = edits[index]
            while let last = rest.last, !(steps[last].rank < edit.rank) {
                rest.removeLast()
                switch reaches[last] {
                case .everything: horizon.extend(to: steps[last], isOwnOnly: false)
                case .ownReplica: horizon.extend(to: steps[last], isOwnOnly: true)
                case .named: naming.append(last)
                }
            }
            let isSettled =
                horizon.covers(edit.envelope.id, at: edit.placement.position)
                || naming.contains { settles($0, edit) }
            if !isSettled { return true }
        }
        return false
    }

    /// The steps in a view (ascending) that none in it replaces.
    private func candidates(in view: [Int]) -> [Int] {
        var horizon = Horizon()
        var named: [ChangeID: Horizon] = [:]
        var candidates: [Int] = []
        for index in view.reversed() {
            if !horizon.covers(steps[index]), !(named[steps[index].change]?.covers(steps[index]) ?? false) {
                candidates.append(index)
            }
            switch reaches[index] {
            case .everything: horizon.extend(to: steps[index], isOwnOnly: false)
            case .ownReplica: horizon.extend(to: steps[index], isOwnOnly: true)
            case .named(let changes):
                for change in changes.changes {
                    named[change, default: Horizon()].extend(to: steps[index], isOwnOnly: false)
                }
            }
        }
        return candidates
    }

    private func isDisputed(_ candidates: [Int], hasOpenEdits: () -> Bool) -> Bool {
        let removals = candidates.filter { steps[$0].operation.isRemoval }
        return !removals.isEmpty && (removals.count < candidates.count || hasOpenEdits())
    }

    func merged() -> (MergedRecord.Presence, Conflict?, [FieldEvent]) {
        let (candidates, open) = (candidates, open)
        let isDisputed = isDisputed(candidates) { !open.isEmpty }
        let isRemoved = candidates.contains { steps[$0].operation.isRemoval }
        return (
            isDisputed ? .disputed : isRemoved ? .removed : .present,
            isDisputed ? conflict(candidates, open) : nil, events(candidates, isDisputed)
        )
    }

    private func conflict(_ standing: [Int], _ open: [RecordEdit]) -> Conflict? {
        var candidates = standing.map { index in
            Candidate(steps[index], steps[index].operation.presenceRole, value: nil)
        }
        var latest: [ReplicaID: RecordEdit] = [:]
        for edit in open {
            let known = latest[edit.envelope.id.replica]
            if known.map({ $0.envelope.id < edit.envelope.id }) ?? true {
                latest[edit.envelope.id.replica] = edit
            }
        }
        for edit in open where latest[edit.envelope.id.replica]?.rank == edit.rank {
            candidates.append(Candidate(edit))
        }
        candidates.sort(by: Candidate.isBefore)
        guard let shown = candidates.last(where: { $0.role != .removal }) else { return nil }
        return Conflict(
            id: "\(record).-", record: record, field: nil, policy: nil, kind: .removed, base: nil,
            candidates: candidates, shown: shown.change, rule: .staysVisible, offset: nil)
    }

    private func events(_ standing: [Int], _ isDisputed: Bool) -> [FieldEvent] {
        let candidates = Set(standing)
        return steps.indices.map { index in
            let isHidden = isDisputed && steps[index].operation.isRemoval
            let outcome: FieldEvent.Outcome =
                !candidates.contains(index) ? .superseded : isHidden ? .candidate : .shown
            return FieldEvent(steps[index], outcome)
        }
    }
}

extension Operation {
    var isRemoval: Bool {
        if case .remove = self { true } else { false }
    }

    fileprivate var presenceRole: Candidate.Role {
        switch self {
        case .remove: .removal
        case .create: .creation
        default: .restoration
        }
    }
}
