import ChangeLog

/// The writes of one field and what each of them replaced: what a multi-value register keeps.
///
/// A write replaces what its author saw. Where the author saw the field in dispute, it replaces only
/// what it names: a plain write its own replica's candidates, a resolution its list. Superseded writes
/// go on replacing: what one of them replaced never comes back.
struct WriteHistory {
    struct Write {
        let step: Step
        /// nil when it keeps a candidate that its author cannot have seen.
        let value: Value?
        let isResolution: Bool
        fileprivate(set) var reach: Reach = .nothing
    }

    /// Which of the writes that it saw a write replaces.
    enum Reach {
        case nothing, everything, ownReplica
        case named(Set<Int>)
    }

    /// In the order of `Rank`.
    private(set) var writes: [Write] = []
    /// Indexes of the writes that none replaces.
    private(set) var candidates: [Int] = []
    private let policy: MergePolicy
    private var understood = 0

    /// `steps`: the writes and resolutions of one field, sorted by rank.
    init(_ steps: [Step], _ policy: MergePolicy) {
        self.policy = policy
        for step in steps { append(step) }
    }

    private mutating func append(_ step: Step) {
        let view = writes.indices.filter { writes[$0].value != nil && step.sees(writes[$0].step) }
        var write = Write(
            step: step, value: value(of: step, in: view), isResolution: step.operation.isResolution)
        guard write.value != nil else {
            writes.append(write)
            return
        }
        let shown = view.count == understood ? candidates : candidates(in: view)
        write.reach = reach(of: step, in: view, showing: shown)
        writes.append(write)
        understood += 1
        let latest = writes.count - 1
        candidates = candidates.filter { !replaces(latest, $0) } + [latest]
    }

    private func value(of step: Step, in view: [Int]) -> Value? {
        switch step.operation {
        case .write(_, _, _, let value), .resolve(_, _, _, .value(let value), _): value
        case .resolve(_, _, _, .keep(let change), _):
            view.last { writes[$0].step.change == change }.flatMap { writes[$0].value }
        default: nil
        }
    }

    private func reach(of step: Step, in view: [Int], showing shown: [Int]) -> Reach {
        let isResolution = step.operation.isResolution
        // An immutable value stands until it is resolved.
        if policy == .immutable, !isResolution { return .nothing }
        // A quiet field is never shown as disputed, so that nobody could name anything.
        if policy == .quiet || !isDisputed(shown) { return .everything }
        guard isResolution else { return .ownReplica }
        let changes = Set(step.operation.settling)
        var named = view.filter { changes.contains(writes[$0].step.change) }
        if policy == .immutable {
            // Its candidates stand for all writes of their value.
            let values = Set(named.compactMap { writes[$0].value })
            named = view.filter { writes[$0].value.map(values.contains) ?? false }
        }
        return .named(Set(named))
    }

    private func replaces(_ later: Int, _ earlier: Int) -> Bool {
        guard writes[later].step.sees(writes[earlier].step) else { return false }
        switch writes[later].reach {
        case .nothing: return false
        case .everything: return true
        case .ownReplica: return writes[later].step.change.replica == writes[earlier].step.change.replica
        case .named(let named): return named.contains(earlier)
        }
    }

    /// The writes in a view (ascending) that none in it replaces.
    func candidates(in view: [Int]) -> [Int] {
        view.indices.filter { place in
            !view[(place + 1)...].contains { replaces($0, view[place]) }
        }.map { view[$0] }
    }

    func isDisputed(_ candidates: [Int]) -> Bool {
        guard let first = candidates.first else { return false }
        return candidates.contains { writes[$0].value != writes[first].value }
    }

    /// The candidate that is shown.
    func shown(_ candidates: [Int]) -> Int? {
        guard policy == .immutable else {
            return candidates.max { Step.isEarlier(writes[$0].step, writes[$1].step) }
        }
        return candidates.first { writes[$0].isResolution } ?? candidates.first
    }

    /// The writes that the authors of all of these had in view.
    func sharedView(of candidates: [Int]) -> [Int] {
        writes.indices.filter { index in
            writes[index].value != nil
                && candidates.allSatisfy { writes[$0].step.sees(writes[index].step) }
        }
    }
}

extension Operation {
    var isResolution: Bool {
        if case .resolve = self { true } else { false }
    }
}
