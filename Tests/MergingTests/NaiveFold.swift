import ChangeLog
import Merging
import TextCRDT

/// The merge rules once more, written from their wording as sets of writes, with no thought for time:
/// what the real fold is compared with.
struct NaiveFold {
    /// One operation of one change; a change inside a contained record has index −1.
    struct Key: Hashable {
        let change: ChangeID
        let index: Int
    }

    struct Item {
        let key: Key
        let envelope: Envelope
        let placement: Placement
        let operation: Operation?

        var time: HybridTime {
            if case .accepted(_, let effective) = placement { effective } else { envelope.time }
        }
    }

    struct Answer: Equatable, CustomStringConvertible {
        var value: Value?
        /// Of the conflicts, in any order.
        var disputes: Set<Set<ChangeID>> = []
        var description: String { "\(value.map { "\($0)" } ?? "none") disputed by \(disputes)" }
    }

    let entries: [LogEntry]

    // MARK: Sight and order

    static func isBefore(_ left: Item, _ right: Item) -> Bool {
        let first = left.placement.position?.value ?? .max
        let second = right.placement.position?.value ?? .max
        if first != second { return first < second }
        if left.key.change != right.key.change { return left.key.change < right.key.change }
        return left.key.index < right.key.index
    }

    static func saw(_ one: Item, _ other: Item) -> Bool {
        if one.key.change == other.key.change {
            if one.key.index < 0 || other.key.index < 0 { return true }
            return other.key.index < one.key.index
        }
        guard isBefore(other, one) else { return false }
        let base = one.envelope.base
        if one.key.change.replica == other.key.change.replica { return other.key.change.number <= base.own }
        guard let position = other.placement.position else { return false }
        return position.value <= base.position.value
    }

    private func items(_ isWanted: (Operation) -> Bool) -> [Item] {
        var items: [Item] = []
        for entry in entries {
            for (index, operation) in entry.change.operations.enumerated() where isWanted(operation) {
                items.append(
                    Item(
                        key: Key(change: entry.id, index: index), envelope: entry.change.envelope,
                        placement: entry.placement, operation: operation))
            }
        }
        return items.sorted(by: Self.isBefore)
    }

    // MARK: Fields

    func answer(_ record: RecordID, _ field: FieldName, _ policy: MergePolicy) -> Answer {
        let items = items { $0.record == record && $0.field == field && Self.policy(of: $0) == policy }
        switch policy {
        case .register, .quiet, .immutable: return register(items, policy)
        case .set: return set(items)
        case .text: return text(items)
        case .appendOnly: return Answer(value: .list(values(items).map(\.1)))
        case .decided: return Answer(value: values(items).last?.1)
        }
    }

    static func policy(of operation: Operation) -> MergePolicy? {
        switch operation {
        case .create, .remove, .restore: nil
        case .write(_, _, let policy, _), .resolve(_, _, let policy, _, _): policy.mergePolicy
        case .insert, .take: .set
        case .edit, .accept: .text
        }
    }

    /// The items that mean something, with their values.
    private func values(_ items: [Item]) -> [(Item, Value)] {
        var values: [(Item, Value)] = []
        for item in items {
            switch item.operation {
            case .write(_, _, _, let value), .resolve(_, _, _, .value(let value), _):
                values.append((item, value))
            case .resolve(_, _, _, .keep(let change), _):
                let known = values.filter { $0.0.key.change == change && Self.saw(item, $0.0) }
                if let last = known.last { values.append((item, last.1)) }
            default: break
            }
        }
        return values
    }

    private func register(_ items: [Item], _ policy: MergePolicy) -> Answer {
        let writes = values(items)
        var value: [Key: Value] = [:]
        for (item, written) in writes { value[item.key] = written }
        var replaces: [Key: Set<Key>] = [:]
        func candidates(_ view: Set<Key>) -> Set<Key> {
            view.reduce(view) { $0.subtracting(replaces[$1] ?? []) }
        }
        for (item, _) in writes {
            let view = Set(writes.filter { Self.saw(item, $0.0) }.map(\.0.key))
            let isDisputed = Set(candidates(view).map { value[$0] }).count > 1
            let named = Set(item.operation?.settling ?? [])
            let isPlain = if case .write = item.operation { true } else { false }
            if policy == .immutable, isPlain {
                replaces[item.key] = []
            } else if policy == .quiet || !isDisputed {
                replaces[item.key] = view
            } else if isPlain {
                replaces[item.key] = view.filter { $0.change.replica == item.key.change.replica }
            } else if policy == .immutable {
                let settled = Set(view.filter { named.contains($0.change) }.map { value[$0] })
                replaces[item.key] = view.filter { settled.contains(value[$0]) }
            } else {
                replaces[item.key] = view.filter { named.contains($0.change) }
            }
        }
        let standing = candidates(Set(writes.map(\.0.key)))
        let rest = writes.filter { standing.contains($0.0.key) }
        var answer = Answer()
        if policy == .immutable {
            let resolutions = rest.filter { if case .resolve = $0.0.operation { true } else { false } }
            answer.value = (resolutions.first ?? rest.first)?.1
        } else {
            answer.value =
                rest.max { left, right in
                    (left.0.time, left.0.key.change, left.0.key.index)
                        < (right.0.time, right.0.key.change, right.0.key.index)
                }?.1
        }
        if policy != .quiet, Set(rest.map(\.1)).count > 1 {
            var sides = rest
            if policy == .immutable {
                sides = rest.indices.filter { index in
                    !rest[..<index].contains { $0.1 == rest[index].1 }
                }.map { rest[$0] }
            }
            answer.disputes = [Set(sides.map(\.0.key.change))]
        }
        return answer
    }

    private func set(_ items: [Item]) -> Answer {
        var present: [Value] = []
        for item in items {
            guard case .insert(_, _, let value) = item.operation else { continue }
            let isTaken = items.contains { other in
                if case .take(_, _, value) = other.operation { Self.saw(other, item) } else { false }
            }
            if !isTaken, !present.contains(value) { present.append(value) }
        }
        present.sort { $0.canonicalBytes.lexicographicallyPrecedes($1.canonicalBytes) }
        return Answer(value: .list(present))
    }

    /// Every event names all that it saw as its parents.
    private func text(_ items: [Item]) -> Answer {
        var history = TextHistory()
        var known: [(Item, TextEventID)] = []
        var answer = Answer()
        for item in items {
            guard case .edit = item.operation, known.last?.0.key.change != item.key.change else { continue }
            let change = item.key.change
            var operations: [TextOperation] = []
            for other in items where other.key.change == change {
                if case .edit(_, _, _, let more) = other.operation { operations += more }
            }
            let bits = change.replica.bits
            let id = TextEventID(
                agent: TextAgent(high: bits.high, low: bits.low), sequence: change.number)
            let parents = known.filter { Self.saw(item, $0.0) }.map(\.1)
            if (try? history.add(id, parents: parents, operations: operations)) == nil {
                // What does not fit its version changes nothing.
                try? history.add(id, parents: parents, operations: [])
            }
            known.append((item, id))
        }
        let merged = history.merged()
        answer.value = known.isEmpty ? nil : .text(merged.text)
        for overlap in merged.overlaps {
            let sides = known.filter { overlap.events.contains($0.1) }.map(\.0)
            let isAccepted = items.contains { item in
                guard case .accept(_, _, let settling) = item.operation else { return false }
                return sides.allSatisfy { settling.contains($0.key.change) && Self.saw(item, $0) }
            }
            if !isAccepted { answer.disputes.insert(Set(sides.map(\.key.change))) }
        }
        return answer
    }
}

// MARK: The record itself

extension NaiveFold {
    func parent(_ record: RecordID) -> RecordID? {
        for item in items({ $0.record == record }) {
            if case .create(_, _, let parent, _) = item.operation { return parent }
        }
        return nil
    }

    /// The records inside this one.
    private func inside(_ record: RecordID) -> Set<RecordID> {
        let all = Set(entries.flatMap { $0.change.operations.map(\.record) })
        var inside: Set<RecordID> = []
        while true {
            let more = all.filter { other in
                guard other != record, let parent = parent(other) else { return false }
                return parent == record || inside.contains(parent)
            }
            if more == inside { return inside }
            inside = more
        }
    }

    /// Presence, with the changes on either side of a dispute.
    func presence(_ record: RecordID) -> (MergedRecord.Presence, Set<ChangeID>) {
        let steps = items { $0.record == record && $0.field == nil }
        let own = items { $0.record == record && $0.field != nil }
        let inner = inside(record)
        let touching = entries.filter { entry in
            !own.contains { $0.key.change == entry.id }
                && entry.change.operations.contains { operation in
                    if case .remove = operation { false } else { inner.contains(operation.record) }
                }
        }
        let edits =
            own
            + touching.map { entry in
                Item(
                    key: Key(change: entry.id, index: -1), envelope: entry.change.envelope,
                    placement: entry.placement, operation: nil)
            }
        let all = steps + edits
        var settled: [Key: Set<Key>] = [:]
        func left(_ view: [Item]) -> [Item] {
            view.filter { item in !view.contains { settled[$0.key]?.contains(item.key) ?? false } }
        }
        func dispute(_ view: [Item]) -> (removals: [Item], presents: [Item], edits: [Item]) {
            let left = left(view)
            let removals = left.filter(\.isRemoval)
            let isStep = { (item: Item) in steps.contains { $0.key == item.key } }
            let open = removals.isEmpty ? [] : left.filter { !isStep($0) }
            return (removals, left.filter { isStep($0) && !$0.isRemoval }, open)
        }
        for step in steps {
            let view = all.filter { Self.saw(step, $0) }
            let shown = dispute(view)
            let named = step.operation?.settling ?? []
            settled[step.key] = Set(
                view.filter { item in
                    if shown.removals.isEmpty || shown.presents.isEmpty && shown.edits.isEmpty { return true }
                    if named.isEmpty { return item.key.change.replica == step.key.change.replica }
                    let isEdit = !steps.contains { $0.key == item.key }
                    return named.contains { change in
                        change == item.key.change
                            || isEdit && change.replica == item.key.change.replica
                                && change.number > item.key.change.number
                    }
                }.map(\.key))
        }
        let (removals, presents, open) = dispute(all)
        if removals.isEmpty { return (.present, []) }
        if presents.isEmpty, open.isEmpty { return (.removed, []) }
        let latest = open.filter { item in
            !open.contains {
                $0.key.change.replica == item.key.change.replica
                    && $0.key.change.number > item.key.change.number
            }
        }
        return (.disputed, Set((removals + presents + latest).map(\.key.change)))
    }
}

extension NaiveFold.Item {
    fileprivate var isRemoval: Bool {
        if case .remove = operation { true } else { false }
    }
}
