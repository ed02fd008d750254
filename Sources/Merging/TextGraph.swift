import ChangeLog
import TextCRDT

/// The events of one text field with their parents, as the log's three numbers give them.
///
/// One change makes one event of a field. Its parents are the latest of those that it saw: no parents
/// travel.
struct TextGraph {
    struct Event {
        /// The change's first edit of the field.
        let step: Step
        let operations: [TextOperation]
        /// Whether its operations fit the version that they name.
        fileprivate(set) var isUnderstood = true
        /// How many events, counted from the first, are in its past without exception.
        fileprivate var covered = 0

        var id: TextEventID { step.change.textEvent }
    }

    private(set) var events: [Event] = []
    private(set) var history = TextHistory()

    /// `steps`: edits of one field, sorted by rank.
    init(_ steps: [Step]) {
        for step in steps {
            guard case .edit(_, _, _, let operations) = step.operation else { continue }
            if let last = events.last, last.step.change == step.change {
                events[events.count - 1] = Event(
                    step: last.step, operations: last.operations + operations)
            } else {
                events.append(Event(step: step, operations: operations))
            }
        }
        var parents: [[Int]] = []
        for index in events.indices { parents.append(self.parents(of: index)) }
        for index in TextHistory.branchesInTurn(parents) { append(index, on: parents[index]) }
    }

    private mutating func parents(of index: Int) -> [Int] {
        let step = events[index].step
        let parents = latest(before: index) { step.sees(events[$0].step) }
        var covered = parents.map { events[$0].covered }.max() ?? 0
        while covered < index, step.sees(events[covered].step) { covered += 1 }
        events[index].covered = covered
        return parents
    }

    private mutating func append(_ index: Int, on parents: [Int]) {
        let names = parents.map { events[$0].id }
        do {
            try history.add(events[index].id, parents: names, operations: events[index].operations)
        } catch {
            // A faulty client's edit changes nothing, but those who saw it go on naming it.
            events[index].isUnderstood = false
            try? history.add(events[index].id, parents: names, operations: [])
        }
    }

    /// The events before `end` that are seen, and by none of the others that are.
    private func latest(before end: Int, seen isSeen: (Int) -> Bool) -> [Int] {
        var latest: [Int] = []
        var covered = 0
        for index in (0..<end).reversed() {
            if index < covered { break }
            guard isSeen(index) else { continue }
            guard !latest.contains(where: { events[$0].step.sees(events[index].step) }) else { continue }
            latest.append(index)
            covered = max(covered, events[index].covered)
        }
        return latest
    }

    /// The version of which all events are seen.
    func heads(seen isSeen: (Int) -> Bool) -> [TextEventID] {
        latest(before: events.count, seen: isSeen).map { events[$0].id }
    }

    /// The text of the version that a view holds.
    func text(in view: View) -> String {
        let heads = heads { view.holds(events[$0].step.change, at: events[$0].step.rank.position) }
        do {
            return try history.text(at: heads)
        } catch {
            // Every event of the graph is in the history.
            return ""
        }
    }
}

extension ChangeID {
    var textEvent: TextEventID {
        TextEventID(agent: TextAgent(high: replica.bits.high, low: replica.bits.low), sequence: number)
    }
}

extension TextEventID {
    var change: ChangeID {
        ChangeID(
            replica: ReplicaID(Identifier128(high: agent.high, low: agent.low)), number: sequence)
    }
}
