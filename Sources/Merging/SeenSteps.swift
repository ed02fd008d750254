import ChangeLog

/// Steps in the order of `Rank`, and which of them a later step saw: found by position and by number,
/// without a look at those that it did not see.
struct SeenSteps {
    private(set) var steps: [Step] = []
    /// The steps of each replica, by number.
    private var own: [ReplicaID: [Int]] = [:]
    /// For each step the last one before it that is of another replica.
    private var foreign: [Int?] = []

    /// `step` stands behind all that were appended before it.
    mutating func append(_ step: Step) {
        let replica = step.change.replica
        foreign.append(lastForeign(to: replica))
        let place = own[replica, default: []].split { steps[$0].change.number <= step.change.number }
        own[replica, default: []].insert(steps.count, at: place)
        steps.append(step)
    }

    /// Whether a step behind all of these saw every one of them.
    func areAllSeen(by step: Step) -> Bool {
        let own = owned(by: step)
        let (known, same) = seen(of: own, by: step)
        guard known.count + same.count == own.count else { return false }
        guard let last = lastForeign(to: step) else { return true }
        return steps[last].rank.position.map { $0 <= step.envelope.base.position } ?? false
    }

    /// What a step behind all of these saw, ascending.
    func seen(by step: Step) -> [Int] {
        let (known, same) = seen(of: owned(by: step), by: step)
        let end = steps.split { $0.rank.position.map { $0 <= step.envelope.base.position } ?? false }
        let others = (0..<end).filter { !step.owns(steps[$0].change) }
        guard !known.isEmpty || !same.isEmpty else { return others }
        return (others + known + same).sorted()
    }

    /// The steps of one change, ascending.
    func indexes(of change: ChangeID) -> ArraySlice<Int> {
        let own = own[change.replica] ?? []
        let start = own.split { steps[$0].change.number < change.number }
        let end = own.split { steps[$0].change.number <= change.number }
        return own[start..<end]
    }

    /// The steps of its replica, and those that this continues, by number.
    private func owned(by step: Step) -> [Int] {
        let newest = own[step.change.replica] ?? []
        guard !step.lineage.isEmpty else { return newest }
        return step.lineage.ancestors.reversed().flatMap { ancestor in
            let all = own[ancestor.replica] ?? []
            return all[..<all.split { steps[$0].change.number <= ancestor.through }]
        } + newest
    }

    /// Of its own: those that its base names, and earlier operations of the change itself.
    private func seen(of own: [Int], by step: Step) -> (ArraySlice<Int>, ArraySlice<Int>) {
        let number = step.change.number
        let end = own.split { steps[$0].change.number <= step.envelope.base.own }
        let start = own.split { steps[$0].change.number < number }
        let same = own[start..<own.split { steps[$0].change.number <= number }]
        return (own[..<end], start < end ? [] : same)
    }

    private func lastForeign(to step: Step) -> Int? {
        if step.lineage.isEmpty { return lastForeign(to: step.change.replica) }
        return steps.lastIndex { !step.owns($0.change) }
    }

    private func lastForeign(to replica: ReplicaID) -> Int? {
        guard let last = steps.last else { return nil }
        return last.change.replica == replica ? foreign[steps.count - 1] : steps.count - 1
    }
}

extension Array {
    /// How many elements at the beginning fulfil a condition that no element after them does.
    func split(_ isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
