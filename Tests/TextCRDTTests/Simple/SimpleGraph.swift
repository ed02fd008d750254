import TextCRDT

/// *When*: which event was made in sight of which others. It knows nothing of texts.
///
/// Events are named by their index in order of arrival. That order is topological (parents come first), and
/// nothing that is derived from the graph may depend on it otherwise. A *version* is the set of events that
/// someone had seen; it is written as its maximal events, ascending.
struct SimpleGraph: Sendable {
    private(set) var ids: [TextEventID] = []
    private(set) var parents: [[Int]] = []
    /// The version that holds every event.
    private(set) var heads: [Int] = []
    private var indexes: [TextEventID: Int] = [:]
    /// For each event a number n such that all events before n are in its past; a lower bound, which makes
    /// questions about a history without concurrency cheap.
    private var coverage: [Int] = []

    var count: Int { ids.count }

    func index(of id: TextEventID) -> Int? { indexes[id] }

    /// Appends an event; `parents` is a version of this graph and `id` is new to it.
    mutating func append(_ id: TextEventID, parents: [Int]) {
        precondition(indexes[id] == nil, "the caller refuses duplicates")
        let event = count
        var covered = parents == heads ? event : 0
        for parent in parents {
            covered = max(covered, coverage[parent] == parent ? parent + 1 : coverage[parent])
        }
        ids.append(id)
        self.parents.append(parents)
        coverage.append(covered)
        indexes[id] = event
        heads.removeAll { parents.contains($0) }
        heads.append(event)
    }

    /// Whether `ancestor` is in the past of `event`; an event is not in its own past.
    func isAncestor(_ ancestor: Int, of event: Int) -> Bool {
        guard ancestor < event else { return false }
        if ancestor < coverage[event] { return true }
        var frontier = Frontier()
        for parent in parents[event] { frontier.insert(parent, on: .new) }
        while let (next, _) = frontier.popLatest(), next >= ancestor {
            if next == ancestor || ancestor < coverage[next] { return true }
            for parent in parents[next] { frontier.insert(parent, on: .new) }
        }
        return false
    }

    /// Whether neither event had seen the other.
    func areConcurrent(_ first: Int, _ second: Int) -> Bool {
        first != second && !isAncestor(first, of: second) && !isAncestor(second, of: first)
    }

    /// The version that these events and all they had seen make: their maximal ones, ascending.
    func version(of events: [Int]) -> [Int] {
        var maximal: [Int] = []
        // What the maximal events had seen, walked no farther back than the question needs.
        var seen = Frontier()
        for event in events.sorted(by: >) where event != maximal.last {
            if maximal.contains(where: { event < coverage[$0] }) { continue }
            while let latest = seen.latest, latest > event, seen.popLatest() != nil {
                for parent in parents[latest] { seen.insert(parent, on: .new) }
            }
            if seen.latest == event { continue }
            maximal.append(event)
            for parent in parents[event] { seen.insert(parent, on: .new) }
        }
        return maximal.reversed()
    }

    /// For each event whether the version holds it.
    func membership(in version: [Int]) -> [Bool] {
        var isMember = [Bool](repeating: false, count: count)
        for event in version { isMember[event] = true }
        for event in (0..<count).reversed() where isMember[event] {
            for parent in parents[event] { isMember[parent] = true }
        }
        return isMember
    }

    /// The events that only `old` holds, latest first, and those that only `new` holds, earliest first.
    ///
    /// The work is in proportion to what differs, not to the history.
    func difference(from old: [Int], to new: [Int]) -> (retreat: [Int], advance: [Int]) {
        var frontier = Frontier()
        for event in old { frontier.insert(event, on: .old) }
        for event in new { frontier.insert(event, on: .new) }
        var retreat: [Int] = []
        var advance: [Int] = []
        while frontier.hasDifference, let (event, sides) = frontier.popLatest() {
            if sides == .old { retreat.append(event) }
            if sides == .new { advance.append(event) }
            for parent in parents[event] { frontier.insert(parent, on: sides) }
        }
        return (retreat, advance.reversed())
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
