/// Lets everybody who waits have a turn: what one has piled up stands before nobody else.
///
/// Deficit round robin, after Shreedhar and Varghese, "Efficient fair queueing using deficit round robin"
/// (1995): each visit gives a lane credit, and its next piece goes once the credit covers what it costs. So
/// small pieces of many go before the large ones of one, and nobody waits for ever. A piece that costs more than
/// one visit's credit goes by itself, so that no small one waits until it is done as well.
struct FairQueue<Key: Hashable & Sendable, Element: Sendable>: Sendable {
    private struct Lane {
        var pieces: ArraySlice<(element: Element, cost: Int)> = []
        var credit = 0
    }

    /// Credit for each visit.
    private let quantum: Int
    private var lanes: [Key: Lane] = [:]
    /// Whose turn is when; each lane with something in it stands here once.
    private var turns: [Key] = []
    private(set) var count = 0

    init(quantum: Int) { self.quantum = max(quantum, 1) }

    var isEmpty: Bool { count == 0 }

    /// - Parameter cost: what it takes, in the unit of the quantum.
    mutating func append(_ element: Element, of key: Key, cost: Int) {
        if lanes[key] == nil { turns.append(key) }
        lanes[key, default: Lane()].pieces.append((element, max(cost, 1)))
        count += 1
    }

    /// Takes what goes next: one round of turns, or as many as it needs for the first piece.
    ///
    /// - Parameter budget: what all of it may cost; a single piece may cost more.
    mutating func next(upTo budget: Int) -> [Element] {
        var taken: [Element] = []
        var spent = 0
        // Who has a large piece lets the others of the round go first.
        var kept: [Key] = []
        defer { turns.insert(contentsOf: kept, at: 0) }
        while taken.isEmpty, !turns.isEmpty {
            for _ in 0..<turns.count {
                guard spent < budget else { return taken }
                let key = turns.removeFirst()
                guard var lane = lanes[key] else { continue }
                let (credit, before) = (lane.credit, taken.count)
                lane.credit += quantum
                var isKept = false
                while let first = lane.pieces.first, first.cost <= lane.credit {
                    let isLarge = first.cost > quantum
                    isKept = !taken.isEmpty && (isLarge || spent + first.cost > budget)
                    if isKept { break }
                    lane.pieces.removeFirst()
                    lane.credit -= first.cost
                    spent += isLarge ? max(first.cost, budget) : first.cost
                    taken.append(first.element)
                    count -= 1
                }
                guard let next = lane.pieces.first else {
                    // Credit is for those who wait: it is not saved up.
                    lanes[key] = nil
                    continue
                }
                lane.credit = min(lane.credit, max(next.cost, quantum))
                if isKept, taken.count == before {
                    // It was no visit.
                    lane.credit = credit
                    kept.append(key)
                } else {
                    turns.append(key)
                }
                lanes[key] = lane
            }
        }
        return taken
    }
}
