/// Questions about versions, answered by walks into the past that go no farther than the question needs.
extension CausalGraph {
    /// Whether `ancestor` is in the past of `event`; an event is not in its own past.
    func isAncestor(_ ancestor: Int, of event: Int) -> Bool {
        withView { $0.isAncestor(ancestor, of: event) }
    }

    /// Whether neither event had seen the other.
    func areConcurrent(_ first: Int, _ second: Int) -> Bool {
        first != second && !isAncestor(first, of: second) && !isAncestor(second, of: first)
    }

    /// The version that these events and all they had seen make: their maximal ones, ascending.
    func version(of events: [Int]) -> [Int] {
        if events.count < 2 { return events }
        if events.count == 2 {
            let (first, second) = (min(events[0], events[1]), max(events[0], events[1]))
            return first == second || isAncestor(first, of: second) ? [second] : [first, second]
        }
        var maximal: [Int] = []
        // The maximal events and what they had seen, walked no farther back than the question needs.
        var seen = Frontier()
        for event in events.sorted(by: >) where event != maximal.last {
            if maximal.contains(where: { event < coverage(of: $0) }) { continue }
            while let latest = seen.latest, latest > event, seen.popLatest() != nil {
                let run = self.run(of: latest)
                if event >= runs[run].first {
                    seen.insert(event, on: .new)
                } else {
                    for parent in parents(ofRun: run) { seen.insert(Int(parent), on: .new) }
                }
            }
            if seen.latest == event { continue }
            maximal.append(event)
            seen.insert(event, on: .new)
        }
        return maximal.reversed()
    }

    /// The events of a version, ascending.
    func events(in version: [Int]) -> [Range<Int>] {
        difference(from: [], to: version).advance
    }

    /// The events that only `old` holds, latest first, and those that only `new` holds, earliest first.
    ///
    /// The work is in proportion to what differs, not to the history.
    func difference(from old: [Int], to new: [Int]) -> (retreat: [Range<Int>], advance: [Range<Int>]) {
        withView { $0.difference(from: old, to: new) }
    }
}

extension GraphView {
    /// Whether `ancestor` is in the past of `event`; an event is not in its own past.
    func isAncestor(_ ancestor: Int, of start: Int) -> Bool {
        var event = start
        // Where nothing was merged there is one way back.
        while true {
            guard ancestor < event else { return ancestor == event && event != start }
            let run = self.run(of: event)
            if ancestor >= runs[run].first || ancestor < runs[run].coverage || isOwn(ancestor, ofRun: run) {
                return true
            }
            let parents = parentRange(ofRun: run)
            guard let parent = all(parents).max(), parent >= ancestor else { return false }
            if parents.count > 1 {
                let isNear = all(parents).contains { $0 >= ancestor && isCovered(ancestor, by: Int($0)) }
                if isNear { return true }
                break
            }
            event = Int(parent)
        }
        var frontier = Frontier()
        frontier.insert(event, on: .new)
        while let (next, _) = frontier.popLatest(), next >= ancestor {
            if isCovered(ancestor, by: next) { return true }
            for parent in all(parentRange(ofRun: run(of: next))) { frontier.insert(Int(parent), on: .new) }
        }
        return false
    }

    /// As of the graph.
    func difference(from old: [Int], to new: [Int]) -> (retreat: [Range<Int>], advance: [Range<Int>]) {
        var frontier = Frontier()
        for event in old { frontier.insert(event, on: .old) }
        for event in new { frontier.insert(event, on: .new) }
        var retreat: [Range<Int>] = []
        var advance: [Range<Int>] = []
        while frontier.hasDifference, let (event, sides) = frontier.popLatest() {
            let run = self.run(of: event)
            var first = Int(runs[run].first)
            if let next = frontier.latest, next >= first {
                // What is left of the run belongs to whoever has that event too.
                first = next + 1
                frontier.insert(next, on: sides)
            } else {
                for parent in all(parentRange(ofRun: run)) { frontier.insert(Int(parent), on: sides) }
            }
            if sides == .old { Self.extend(&retreat, down: first..<event + 1) }
            if sides == .new { Self.extend(&advance, down: first..<event + 1) }
        }
        return (retreat, advance.reversed())
    }

    private static func extend(_ ranges: inout [Range<Int>], down range: Range<Int>) {
        if let last = ranges.last, last.lowerBound == range.upperBound {
            ranges[ranges.count - 1] = range.lowerBound..<last.upperBound
        } else {
            ranges.append(range)
        }
    }

    /// Whether one event is another one or in its past, as far as that is seen at once.
    private func isCovered(_ ancestor: Int, by event: Int) -> Bool {
        let run = self.run(of: event)
        return ancestor >= runs[run].first || ancestor < runs[run].coverage || isOwn(ancestor, ofRun: run)
    }
}

/// The events of two versions that a walk into the past has reached and not yet passed.
private struct Frontier {
    struct Sides: OptionSet {
        let rawValue: UInt8
        static let old = Sides(rawValue: 1)
        static let new = Sides(rawValue: 2)
        static let both: Sides = [.old, .new]
    }

    /// Ascending and without doubles.
    private var entries: [(event: Int, sides: Sides)] = []
    private var oneSided = 0

    /// Whether some event is known to be on one side only; otherwise all that is left is shared.
    var hasDifference: Bool { oneSided > 0 }

    var latest: Int? { entries.last?.event }

    mutating func insert(_ event: Int, on sides: Sides) {
        var place = entries.count
        while place > 0, entries[place - 1].event > event { place -= 1 }
        if place > 0, entries[place - 1].event == event {
            let known = entries[place - 1].sides
            entries[place - 1].sides.formUnion(sides)
            if known != .both, entries[place - 1].sides == .both { oneSided -= 1 }
        } else {
            entries.insert((event, sides), at: place)
            if sides != .both { oneSided += 1 }
        }
    }

    mutating func popLatest() -> (event: Int, sides: Sides)? {
        guard let latest = entries.popLast() else { return nil }
        if latest.sides != .both { oneSided -= 1 }
        return latest
    }
}
