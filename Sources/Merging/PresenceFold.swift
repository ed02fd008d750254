import ChangeLog

/// Folds whether a record is there: a register of creations, removals and restorations, in which every
/// edit counts against a removal that it had not seen.
///
/// An edit is *settled* by a creation, removal or restoration whose author saw it: by any when the
/// author saw no dispute; otherwise by one of its own replica, or by one that names it. Naming a
/// replica's change names its earlier edits too, since a conflict lists the latest only.
struct PresenceFold {
    let record: RecordID
    /// Creations, removals and restorations in the order of `Rank`.
    let steps: [Step]
    /// In the order of `Rank`.
    let edits: [RecordEdit]
    private var reaches: [Reach] = []

    private enum Reach {
        case everything, ownReplica
        case named([ChangeID])
    }

    /// What a set of steps and edits makes of the record.
    private struct Standing {
        var candidates: [Int] = []
        /// The edits that some candidate removal had not been told of, and nobody settled.
        var open: [RecordEdit] = []
        var removals: [Int] = []

        var isDisputed: Bool {
            !open.isEmpty || !removals.isEmpty && removals.count < candidates.count
        }
    }

    init(_ record: RecordID, steps: [Step], edits: [RecordEdit]) {
        self.record = record
        self.steps = steps
        self.edits = edits
        for index in steps.indices {
            let settling = steps[index].operation.settling
            let view = (0..<index).filter { steps[index].sees(steps[$0]) }
            let isDisputed = standing(view) { $0.isSeen(by: steps[index]) }.isDisputed
            reaches.append(!isDisputed ? .everything : settling.isEmpty ? .ownReplica : .named(settling))
        }
    }

    private func replaces(_ later: Int, _ earlier: Int) -> Bool {
        guard steps[later].sees(steps[earlier]) else { return false }
        let change = steps[earlier].change
        switch reaches[later] {
        case .everything: return true
        case .ownReplica: return steps[later].change.replica == change.replica
        case .named(let changes): return changes.contains(change)
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

    private func standing(_ view: [Int], _ isInView: (RecordEdit) -> Bool) -> Standing {
        var standing = Standing()
        standing.candidates = view.filter { index in !view.contains { $0 > index && replaces($0, index) } }
        standing.removals = standing.candidates.filter { steps[$0].operation.isRemoval }
        guard !standing.removals.isEmpty else { return standing }
        standing.open = edits.filter { edit in
            isInView(edit) && standing.removals.contains { !edit.sees(steps[$0]) }
                && !view.contains { settles($0, edit) }
        }
        return standing
    }

    func merged() -> (MergedRecord.Presence, Conflict?, [FieldEvent]) {
        let standing = standing(Array(steps.indices)) { _ in true }
        let presence: MergedRecord.Presence =
            if standing.isDisputed {
                .disputed
            } else {
                standing.removals.isEmpty ? .present : .removed
            }
        return (presence, conflict(standing), events(standing))
    }

    private func conflict(_ standing: Standing) -> Conflict? {
        guard standing.isDisputed else { return nil }
        var candidates = standing.candidates.map { index in
            Candidate(steps[index], steps[index].operation.presenceRole, value: nil)
        }
        var latest: [ReplicaID: RecordEdit] = [:]
        for edit in standing.open {
            let known = latest[edit.envelope.id.replica]
            if known.map({ $0.envelope.id < edit.envelope.id }) ?? true {
                latest[edit.envelope.id.replica] = edit
            }
        }
        for edit in standing.open where latest[edit.envelope.id.replica]?.rank == edit.rank {
            candidates.append(Candidate(edit))
        }
        candidates.sort(by: Candidate.isBefore)
        guard let shown = candidates.last(where: { $0.role != .removal }) else { return nil }
        return Conflict(
            id: "\(record).-", record: record, field: nil, policy: nil, kind: .removed, base: nil,
            candidates: candidates, shown: shown.change, rule: .staysVisible, offset: nil)
    }

    private func events(_ standing: Standing) -> [FieldEvent] {
        let candidates = Set(standing.candidates)
        return steps.indices.map { index in
            let isHidden = standing.isDisputed && steps[index].operation.isRemoval
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
