import TextCRDT

/// *When*: which event was made in sight of which others. It knows nothing of texts.
///
/// Of each event the set of all that it had seen is written out, so every question is one about sets, and nothing is
/// found by a walk as in the engine. Events are named by their index in order of arrival.
struct SimpleGraph: Sendable {
    private(set) var ids: [TextEventID] = []
    private(set) var parents: [[Int]] = []
    /// Of each event all that it had seen, itself not included.
    private var pasts: [EventSet] = []
    private var everything = EventSet()
    private var indexes: [TextEventID: Int] = [:]

    var count: Int { ids.count }

    /// The version that holds every event.
    var heads: [Int] { maximal(of: everything) }

    func index(of id: TextEventID) -> Int? { indexes[id] }

    /// Appends an event; its id is new.
    mutating func append(_ id: TextEventID, parents: [Int]) {
        indexes[id] = count
        everything.insert(count)
        ids.append(id)
        self.parents.append(parents)
        pasts.append(closure(parents))
    }

    /// Whether `ancestor` is in the past of `event`; an event is not in its own past.
    func isAncestor(_ ancestor: Int, of event: Int) -> Bool { pasts[event].contains(ancestor) }

    /// Whether neither event had seen the other.
    func areConcurrent(_ first: Int, _ second: Int) -> Bool {
        first != second && !isAncestor(first, of: second) && !isAncestor(second, of: first)
    }

    /// The version that these events and all they had seen make: their maximal ones, ascending.
    func version(of events: [Int]) -> [Int] {
        var named = EventSet()
        for event in events { named.insert(event) }
        return maximal(of: named)
    }

    /// For each event whether the version holds it.
    func membership(in version: [Int]) -> [Bool] {
        let seen = closure(version)
        return (0..<count).map(seen.contains)
    }

    /// The events that only `old` holds, latest first, and those that only `new` holds, earliest first.
    func difference(from old: [Int], to new: [Int]) -> (retreat: [Int], advance: [Int]) {
        let (before, after) = (closure(old), closure(new))
        return (before.subtracting(after).members.reversed(), after.subtracting(before).members)
    }

    /// These events and all that they had seen.
    private func closure(_ events: [Int]) -> EventSet {
        var seen = EventSet()
        for event in events {
            seen.insert(event)
            seen.formUnion(pasts[event])
        }
        return seen
    }

    /// Those of a set that no other one in it had seen.
    private func maximal(of set: EventSet) -> [Int] {
        var maximal = set
        for event in set.members { maximal.subtract(pasts[event]) }
        return maximal.members
    }
}

/// A set of events, a bit for each.
private struct EventSet: Sendable {
    private var words: [UInt64] = []

    func contains(_ event: Int) -> Bool {
        event / 64 < words.count && words[event / 64] & 1 << UInt64(event % 64) != 0
    }

    mutating func insert(_ event: Int) {
        while words.count <= event / 64 { words.append(0) }
        words[event / 64] |= 1 << UInt64(event % 64)
    }

    mutating func formUnion(_ other: EventSet) {
        while words.count < other.words.count { words.append(0) }
        for index in other.words.indices { words[index] |= other.words[index] }
    }

    mutating func subtract(_ other: EventSet) {
        for index in 0..<min(words.count, other.words.count) { words[index] &= ~other.words[index] }
    }

    func subtracting(_ other: EventSet) -> EventSet {
        var rest = self
        rest.subtract(other)
        return rest
    }

    /// Ascending.
    var members: [Int] {
        var members: [Int] = []
        for (index, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                members.append(index * 64 + rest.trailingZeroBitCount)
                rest &= rest - 1
            }
        }
        return members
    }
}
