import ChangeLog

/// The writes of one field and what each of them replaced: what a multi-value register keeps.
///
/// A write replaces what its author saw. Where the author saw the field in dispute, it replaces only
/// what it names: a plain write its own replica's candidates, a resolution its list. Superseded writes
/// go on replacing: what one of them replaced never comes back.
struct WriteHistory {
    struct Write {
        let step: Step
        let value: Value
        /// Equal for equal values of this history: comparing values themselves would encode them.
        let valueNumber: Int
        let reach: Reach

        var isResolution: Bool { step.operation.isResolution }
    }

    /// Which of the writes that it saw a write replaces.
    enum Reach {
        case nothing, everything, ownReplica
        case named(Set<Int>)
        /// Those of these values, by number.
        case values(Set<Int>)
    }

    /// In the order of `Rank`.
    private(set) var writes: [Write] = []
    /// Those that keep a candidate that their author cannot have seen.
    private(set) var ignored: [Step] = []
    private let policy: MergePolicy
    private var seen = SeenSteps()
    private var valueNumbers: [[UInt8]: Int] = [:]
    private var isReplaced: [Bool] = []
    /// All that are not replaced, and some that are.
    private var standing: [Int] = []

    /// `steps`: the writes and resolutions of one field, sorted by rank.
    init(_ steps: [Step], _ policy: MergePolicy) {
        self.policy = policy
        for step in steps { append(step) }
    }

    /// Indexes of the writes that none replaces.
    var candidates: [Int] { standing.filter { !isReplaced[$0] } }

    private mutating func append(_ step: Step) {
        guard let value = value(of: step) else {
            ignored.append(step)
            return
        }
        let number = valueNumbers[value.canonicalBytes] ?? valueNumbers.count
        valueNumbers[value.canonicalBytes] = number
        // Of a view that holds everything, the candidates are known, and the rest is replaced already.
        let isAllSeen = seen.areAllSeen(by: step)
        if isAllSeen { standing.removeAll { isReplaced[$0] } }
        let view = isAllSeen ? standing : seen.seen(by: step)
        let shown = isAllSeen ? standing : candidates(in: view)
        writes.append(
            Write(step: step, value: value, valueNumber: number, reach: reach(of: step, showing: shown)))
        let latest = writes.count - 1
        for index in view where !isReplaced[index] { isReplaced[index] = replaces(latest, index) }
        isReplaced.append(false)
        standing.append(latest)
        seen.append(step)
    }

    private func value(of step: Step) -> Value? {
        switch step.operation {
        case .write(_, _, _, let value), .resolve(_, _, _, .value(let value), _): value
        case .resolve(_, _, _, .keep(let change), _):
            seen.indexes(of: change).last { step.sees(writes[$0].step) }.map { writes[$0].value }
        default: nil
        }
    }

    private func reach(of step: Step, showing shown: [Int]) -> Reach {
        let isResolution = step.operation.isResolution
        // An immutable value stands until it is resolved.
        if policy == .immutable, !isResolution { return .nothing }
        // A quiet field is never shown as disputed, so that nobody could name anything.
        if policy == .quiet || !isDisputed(shown) { return .everything }
        guard isResolution else { return .ownReplica }
        let named = step.operation.settling.flatMap(seen.indexes).filter { step.sees(writes[$0].step) }
        guard policy == .immutable else { return .named(Set(named)) }
        // The candidates of an immutable field stand for all writes of their value.
        return .values(Set(named.map { writes[$0].valueNumber }))
    }

    private func replaces(_ later: Int, _ earlier: Int) -> Bool {
        let (write, other) = (writes[later], writes[earlier])
        switch write.reach {
        case .nothing: return false
        case .everything: return write.step.sees(other.step)
        case .ownReplica:
            return write.step.owns(other.step.change) && write.step.sees(other.step)
        case .named(let named): return named.contains(earlier)
        case .values(let values):
            return values.contains(other.valueNumber) && write.step.sees(other.step)
        }
    }

    /// The writes in a view (ascending) that none in it replaces.
    ///
    /// One walk from the last to the first, with the furthest that any later one reaches.
    func candidates(in view: [Int]) -> [Int] {
        var horizon = Horizon()
        var named: Set<Int> = []
        var valueHorizons: [Int: Horizon] = [:]
        var candidates: [Int] = []
        for index in view.reversed() {
            let write = writes[index]
            if !horizon.covers(write.step), !named.contains(index),
                !(valueHorizons[write.valueNumber]?.covers(write.step) ?? false)
            {
                candidates.append(index)
            }
            switch write.reach {
            case .nothing: break
            case .everything: horizon.extend(to: write.step, isOwnOnly: false)
            case .ownReplica: horizon.extend(to: write.step, isOwnOnly: true)
            case .named(let indexes): named.formUnion(indexes)
            case .values(let values):
                for value in values {
                    valueHorizons[value, default: Horizon()].extend(to: write.step, isOwnOnly: false)
                }
            }
        }
        return candidates.reversed()
    }

    func isDisputed(_ candidates: [Int]) -> Bool {
        guard let first = candidates.first else { return false }
        return candidates.contains { writes[$0].valueNumber != writes[first].valueNumber }
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
        (0..<(candidates.min() ?? 0)).filter { index in
            candidates.allSatisfy { writes[$0].step.sees(writes[index].step) }
        }
    }
}

extension Operation {
    var isResolution: Bool {
        if case .resolve = self { true } else { false }
    }
}
