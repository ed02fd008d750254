public import ChangeLog

/// The merge: a function from what was done to a record to what it is now.
///
/// Guarantee: the result depends on the *set* of entries only, neither on their order nor on when they
/// arrived. Entries named twice count once.
public enum RecordFold {
    /// Folds one record.
    ///
    /// - Parameters:
    ///   - entries: all changes of its audience with an operation on the record; operations on other
    ///     records are passed over.
    ///   - contained: all changes with an operation other than a removal on a record inside it, however
    ///     deep.
    public static func fold(
        record: RecordID, entries: [LogEntry], contained: [Touch] = []
    ) -> MergedRecord {
        let steps = Self.steps(of: record, in: entries)
        var fields: [FieldKey: [Step]] = [:]
        var presence: [Step] = []
        for step in steps {
            if let field = step.operation.field, let policy = step.operation.mergePolicy {
                fields[FieldKey(name: field, policy: policy), default: []].append(step)
            } else {
                presence.append(step)
            }
        }
        let edits = Self.edits(steps, contained)
        let (state, conflict, history) = PresenceFold(record, steps: presence, edits: edits).merged()
        return MergedRecord(
            id: record, creation: Self.creation(presence), presence: state,
            fields: fields.keys.sorted().map { Self.field(record, $0, fields[$0] ?? []) },
            conflict: conflict, history: history, isPending: steps.contains(where: \.isPending))
    }

    /// What contains the record, as its fold would say.
    static func parent(of record: RecordID, in entries: [LogEntry]) -> RecordID? {
        creation(steps(of: record, in: entries))?.parent
    }

    /// The edits of one text, in the order of `Rank`.
    static func edits(of field: FieldName, _ record: RecordID, in entries: [LogEntry]) -> [Step] {
        steps(of: record, in: entries).filter { step in
            guard case .edit(_, field, _, _) = step.operation else { return false }
            return true
        }
    }

    private static func steps(of record: RecordID, in entries: [LogEntry]) -> [Step] {
        var steps: [Step] = []
        for entry in entries {
            for index in entry.change.operations.indices
            where entry.change.operations[index].record == record {
                steps.append(Step(entry, index))
            }
        }
        steps.sort { $0.rank < $1.rank }
        // The first of an entry given twice is the accepted one, at its lowest position.
        var known: [ChangeID: Position?] = [:]
        return steps.filter { step in
            let first = known[step.change, default: step.rank.position]
            known[step.change] = first
            return first == step.rank.position
        }.withoutDoubles
    }

    /// Only where there is a removal do the edits of a record matter as such; the fold finds out.
    private static func edits(_ steps: [Step], _ contained: [Touch]) -> [RecordEdit] {
        guard steps.contains(where: { $0.operation.isRemoval }) else { return [] }
        let own = steps.filter { $0.operation.field != nil }.map { step in
            RecordEdit(
                envelope: step.envelope,
                placement: step.rank.position.map { .accepted($0, effective: step.time) } ?? .pending,
                index: step.rank.index)
        }
        let inner = contained.map {
            RecordEdit(envelope: $0.envelope, placement: $0.placement, index: nil)
        }
        // A change that edits the record and one inside it is listed once, as an edit of the record.
        let listed = Set(own.map(\.envelope.id))
        var seen: Set<ChangeID> = []
        let others = inner.sorted { $0.rank < $1.rank }.filter { edit in
            !listed.contains(edit.envelope.id) && seen.insert(edit.envelope.id).inserted
        }
        return (own + others).sorted { $0.rank < $1.rank }
    }

    private static func creation(_ steps: [Step]) -> MergedRecord.Creation? {
        for step in steps {
            guard case .create(_, let kind, let parent, let key) = step.operation else { continue }
            return MergedRecord.Creation(change: step.change, kind: kind, parent: parent, key: key)
        }
        return nil
    }

    private static func field(_ record: RecordID, _ key: FieldKey, _ steps: [Step]) -> MergedField {
        switch key.policy {
        case .register, .quiet, .immutable:
            RegisterFold(record, key.name, key.policy, steps).merged()
        case .set: SetFold(name: key.name, steps: steps).merged()
        case .text: TextFold(record: record, name: key.name, steps: steps).merged()
        case .appendOnly, .decided:
            OrderedFold(name: key.name, policy: key.policy, steps: steps).merged()
        }
    }
}

/// Fields are kept apart by policy too, so that nothing is lost should two clients ever disagree on one.
private struct FieldKey: Hashable, Comparable {
    let name: FieldName
    let policy: MergePolicy

    static func < (left: Self, right: Self) -> Bool {
        if left.name != right.name { return left.name < right.name }
        return left.policy.rawValue.utf8.lexicographicallyPrecedes(right.policy.rawValue.utf8)
    }
}

extension [Step] {
    /// Of neighbours with one rank, the first.
    fileprivate var withoutDoubles: [Step] {
        indices.filter { $0 == startIndex || self[$0 - 1].rank != self[$0].rank }.map { self[$0] }
    }
}
