import ChangeLog

/// Folds the fields that the order of positions rules: append-only and decided.
struct OrderedFold {
    let name: FieldName
    let policy: MergePolicy
    /// In the order of `Rank`.
    let steps: [Step]

    func merged() -> MergedField {
        let written = self.written
        let last = written.last { $0.value != nil }
        let values = written.compactMap(\.value)
        let isPending =
            policy == .decided
            ? last?.step.isPending ?? false : written.contains { $0.value != nil && $0.step.isPending }
        return MergedField(
            name: name, policy: policy, value: policy == .decided ? last?.value : .list(values),
            state: isPending ? .pending : .settled, conflicts: [],
            history: written.map { write in
                FieldEvent(write.step, value: write.value, outcome(of: write, last: last?.step))
            })
    }

    /// A choice of a change stands for what that change wrote.
    private var written: [(step: Step, value: Value?)] {
        var written: [(step: Step, value: Value?)] = []
        for step in steps {
            switch step.operation {
            case .write(_, _, _, let value), .resolve(_, _, _, .value(let value), _):
                written.append((step, value))
            case .resolve(_, _, _, .keep(let change), _):
                let kept = written.last { $0.value != nil && $0.step.change == change && step.sees($0.step) }
                written.append((step, kept?.value))
            default: continue
            }
        }
        return written
    }

    private func outcome(of write: (step: Step, value: Value?), last: Step?) -> FieldEvent.Outcome {
        if write.value == nil { return .ignored }
        return policy == .appendOnly || write.step.rank == last?.rank ? .shown : .superseded
    }
}
