import ChangeLog

/// Folds a set: a take removes only the inserts that it saw, so that an insert wins over a take made at
/// the same time.
struct SetFold {
    let name: FieldName
    let steps: [Step]

    func merged() -> MergedField {
        let taken = self.taken
        var surviving: Set<Value> = []
        var isPending = false
        for step in steps {
            guard case .insert(_, _, let value) = step.operation, !taken.contains(step.rank) else { continue }
            surviving.insert(value)
            isPending = isPending || step.isPending
        }
        var events: [FieldEvent] = []
        for step in steps {
            switch step.operation {
            case .insert(_, _, let value):
                events.append(
                    FieldEvent(step, value: value, taken.contains(step.rank) ? .removed : .shown))
            case .take(_, _, let value):
                // A take that stands back is in nobody's way; one that has effect is what is shown.
                isPending = isPending || step.isPending
                events.append(
                    FieldEvent(step, value: value, surviving.contains(value) ? .superseded : .shown))
            default: continue
            }
        }
        return MergedField(
            name: name, policy: .set, value: .list(surviving.sortedByBytes),
            state: isPending ? .pending : .settled, conflicts: [], history: events)
    }

    /// The inserts that a take of the same value saw.
    private var taken: Set<Rank> {
        var taken: Set<Rank> = []
        var inserts: [Value: SeenSteps] = [:]
        for step in steps {
            switch step.operation {
            case .insert(_, _, let value): inserts[value, default: SeenSteps()].append(step)
            case .take(_, _, let value):
                guard let known = inserts[value] else { continue }
                for index in known.seen(by: step) { taken.insert(known.steps[index].rank) }
                // What is taken once need not be looked at again.
                if known.areAllSeen(by: step) { inserts[value] = nil }
            default: continue
            }
        }
        return taken
    }
}

extension Set<Value> {
    fileprivate var sortedByBytes: [Value] {
        map { ($0, $0.canonicalBytes) }
            .sorted { $0.1.lexicographicallyPrecedes($1.1) }
            .map(\.0)
    }
}
