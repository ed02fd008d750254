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
        let candidates = history.candidates
        let shown = history.shown(candidates)
        let isDisputed = policy != .quiet && history.isDisputed(candidates)
        let isPending = shown.map { history.writes[$0].step.isPending } ?? false
        return MergedField(
            name: name, policy: policy, value: shown.map { history.writes[$0].value },
            state: isDisputed ? .disputed : isPending ? .pending : .settled,
            conflicts: isDisputed ? shown.map { [conflict(showing: $0)] } ?? [] : [],
            history: events(showing: shown))
    }

    /// The sides of the conflict: of an immutable field the first write of each value.
    private var sides: [Int] {
        guard policy == .immutable else { return history.candidates }
        var values: Set<Int> = []
        return history.candidates.filter { values.insert(history.writes[$0].valueNumber).inserted }
    }

    private func conflict(showing shown: Int) -> Conflict {
        let sides = self.sides
        // Of an immutable field the side that has the shown value, which a later resolution may repeat.
        let value = history.writes[shown].valueNumber
        let listed =
            policy == .immutable
            ? sides.first { history.writes[$0].valueNumber == value } ?? shown : shown
        let before = history.candidates(in: history.sharedView(of: sides))
        return Conflict(
            id: "\(record).\(name)", record: record, field: name, policy: policy,
            kind: sides.allSatisfy { history.writes[$0].isResolution } ? .resolution : .value,
            base: history.shown(before).map { history.writes[$0].value },
            candidates: sides.map { index in
                let write = history.writes[index]
                return Candidate(
                    write.step, write.isResolution ? .resolution : .write, value: write.value)
            }.sorted(by: Candidate.isBefore),
            shown: history.writes[listed].step.change,
            rule: policy == .immutable ? .lowestPosition : .latest, offset: nil)
    }

    private func events(showing shown: Int?) -> [FieldEvent] {
        let value = shown.map { history.writes[$0].valueNumber }
        let candidates = Set(history.candidates)
        var events = history.writes.indices.map { index in
            let write = history.writes[index]
            let outcome: FieldEvent.Outcome =
                !candidates.contains(index)
                ? .superseded : write.valueNumber == value ? .shown : .candidate
            return (write.step.rank, FieldEvent(write.step, value: write.value, outcome))
        }
        events += history.ignored.map { ($0.rank, FieldEvent($0, .ignored)) }
        return events.sorted { $0.0 < $1.0 }.map(\.1)
    }
}
