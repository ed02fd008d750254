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
        case named(Set<ChangeID>)
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
            isDisputed = self.isDisputed(candidates(in: view)) {
                known.contains { edit in !view.contains { settles($0, edits[edit]) } }
            }
        }
        let named = step.operation.settling
        reaches.append(!isDisputed ? .everything : named.isEmpty ? .ownReplica : .named(Set(named)))
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
        case .ownReplica: return step.change.replica == other.change.replica && step.sees(other)
        case .named(let changes): return changes.contains(other.change) && step.sees(other)
        }
    }

    private func settles(_ step: Int, _ edit: RecordEdit) -> Bool {
        guard edit.isSeen(by: steps[step]) else { return false }
        let change = edit.envelope.id
        switch reaches[step] {
        case .everything: return true
        case .ownReplica: return steps[step].change.replica == change.replica
        case .named(let changes):
            return changes.contains { $0.replica == change.replica && $0.number >= change.number }
        }
    }

    /// The steps in a view (ascending) that none in it replaces.
    private func candidates(in view: [Int]) -> [Int] {
        var horizon = Horizon()
        var resolutions: [Int] = []
        var candidates: [Int] = []
        for index in view.reversed() {
            if !horizon.covers(steps[index]), !resolutions.contains(where: { replaces($0, index) }) {
                candidates.append(index)
            }
            switch reaches[index] {
            case .everything: horizon.extend(to: steps[index], isOwnOnly: false)
            case .ownReplica: horizon.extend(to: steps[index], isOwnOnly: true)
            case .named: resolutions.append(index)
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
