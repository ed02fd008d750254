import ChangeLog

/// Folds the fields that keep one value: register, quiet register and immutable.
struct RegisterFold {
    let record: RecordID
    let name: FieldName
    let policy: MergePolicy
    private let history: WriteHistory

    init(_ record: RecordID, _ name: FieldName, _ policy: MergePolicy, _ steps: [Step]) {
        self.record = record
        self.name = name
        self.policy = policy
        history = WriteHistory(steps, policy)
    }

    func merged() -> MergedField {
        let shown = history.shown(history.candidates)
        let isDisputed = policy != .quiet && history.isDisputed(history.candidates)
        let isPending = shown.map { history.writes[$0].step.isPending } ?? false
        return MergedField(
            name: name, policy: policy, value: shown.flatMap { history.writes[$0].value },
            state: isDisputed ? .disputed : isPending ? .pending : .settled,
            conflicts: isDisputed ? shown.map { [conflict(showing: $0)] } ?? [] : [],
            history: events(showing: shown))
    }

    /// The sides of the conflict: of an immutable field the first write of each value.
    private var sides: [Int] {
        guard policy == .immutable else { return history.candidates }
        var values: Set<Value> = []
        return history.candidates.filter { index in
            history.writes[index].value.map { values.insert($0).inserted } ?? false
        }
    }

    private func conflict(showing shown: Int) -> Conflict {
        let sides = self.sides
        let before = history.candidates(in: history.sharedView(of: sides))
        return Conflict(
            id: "\(record).\(name)", record: record, field: name, policy: policy,
            kind: sides.allSatisfy { history.writes[$0].isResolution } ? .resolution : .value,
            base: history.shown(before).flatMap { history.writes[$0].value },
            candidates: sides.map { index in
                let write = history.writes[index]
                return Candidate(
                    write.step, write.isResolution ? .resolution : .write, value: write.value)
            }.sorted(by: Candidate.isBefore),
            shown: history.writes[shown].step.change,
            rule: policy == .immutable ? .lowestPosition : .latest, offset: nil)
    }

    private func events(showing shown: Int?) -> [FieldEvent] {
        let value = shown.flatMap { history.writes[$0].value }
        let candidates = Set(history.candidates)
        return history.writes.indices.map { index in
            let write = history.writes[index]
            let outcome: FieldEvent.Outcome =
                if write.value == nil {
                    .ignored
                } else if !candidates.contains(index) {
                    .superseded
                } else {
                    write.value == value ? .shown : .candidate
                }
            return FieldEvent(write.step, value: write.value, outcome)
        }
    }
}
