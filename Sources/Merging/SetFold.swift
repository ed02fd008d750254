import ChangeLog

/// Folds a set: a take removes only the inserts that it saw, so that an insert wins over a take made at
/// the same time.
struct SetFold {
    let name: FieldName
    let steps: [Step]

    func merged() -> MergedField {
        var takes: [Value: [Step]] = [:]
        for step in steps {
            if case .take(_, _, let value) = step.operation { takes[value, default: []].append(step) }
        }
        var surviving: Set<Value> = []
        var events: [FieldEvent] = []
        var isPending = false
        for step in steps {
            guard case .insert(_, _, let value) = step.operation else { continue }
            guard !(takes[value] ?? []).contains(where: { $0.sees(step) }) else { continue }
            surviving.insert(value)
            isPending = isPending || step.isPending
        }
        for step in steps {
            switch step.operation {
            case .insert(_, _, let value):
                let isTaken = (takes[value] ?? []).contains { $0.sees(step) }
                events.append(FieldEvent(step, value: value, isTaken ? .removed : .shown))
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
}

extension Set<Value> {
    fileprivate var sortedByBytes: [Value] {
        map { ($0, $0.canonicalBytes) }
            .sorted { $0.1.lexicographicallyPrecedes($1.1) }
            .map(\.0)
    }
}
