import TextCRDT

/// Replicas that type at random, and at random merge what others have, all from one seed.
struct RandomHistory {
    /// In an order in which they can be added.
    private(set) var events: [Event] = []
    private var random: SplitMix64

    /// Letters that meet, and pieces that join to grapheme clusters when they do.
    static let pieces = [
        "a", "b", "c", " ", "\n", "\u{e9}", "e\u{301}", "\u{301}", "🇳🇱", "\u{1F1E7}", "👩‍👧", "\u{200D}",
        "👍🏽", "x", "yz", "한", "\r\n",
    ]

    /// `base` is the length of a text that all replicas start from.
    init(seed: UInt64, replicas: Int, steps: Int, base: Int = 0) {
        random = SplitMix64(seed: seed)
        if base > 0 {
            let id = TextEventID(agent: TextAgent(high: 9, low: 9), sequence: 1)
            let text = String(repeating: "-", count: base)
            events.append(Event(id: id, parents: [], operations: [.insert(at: 0, text: text)]))
        }
        var known = [[Event]](repeating: events, count: replicas)
        var everything = FugueTree()
        for event in events { everything.add(event) }
        var sequences = [UInt64](repeating: 0, count: replicas)
        for _ in 0..<steps {
            let replica = Int.random(in: 0..<replicas, using: &random)
            if Int.random(in: 0..<4, using: &random) == 0 {
                let source = Int.random(in: 0..<replicas, using: &random)
                let ids = Set(known[replica].map(\.id))
                known[replica] += known[source].filter { !ids.contains($0.id) }
                continue
            }
            sequences[replica] += 1
            let agent = TextAgent(high: UInt64(replica % 2), low: UInt64(10 - replica))
            let id = TextEventID(agent: agent, sequence: sequences[replica])
            let event = edit(id, knowing: known[replica], of: everything)
            everything.add(event)
            known[replica].append(event)
            events.append(event)
        }
    }

    private mutating func edit(_ id: TextEventID, knowing known: [Event], of tree: FugueTree) -> Event {
        var view = known
        // Now and then an older view, as of a form that stayed open.
        if Int.random(in: 0..<10, using: &random) == 0 {
            view = Array(view.prefix(Int.random(in: 0...view.count, using: &random)))
        }
        let seen = Set(view.flatMap(\.parents))
        var parents = view.map(\.id).filter { !seen.contains($0) }
        if let extra = view.randomElement(using: &random) { parents.append(extra.id) }
        var length = tree.text(of: parents).count
        let operations = (0..<Int.random(in: 1...2, using: &random)).map { _ in
            operation(on: &length)
        }
        return Event(id: id, parents: parents.shuffled(using: &random), operations: operations)
    }

    private mutating func operation(on length: inout Int) -> TextOperation {
        if length > 0, Int.random(in: 0..<3, using: &random) == 0 {
            let index = Int.random(in: 0..<length, using: &random)
            let count = Int.random(in: 1...min(3, length - index), using: &random)
            length -= count
            return .delete(at: index, count: count)
        }
        let count = Int.random(in: 1...2, using: &random)
        let text = (0..<count).map { _ in Self.pieces.randomElement(using: &random) ?? "" }.joined()
        defer { length += text.unicodeScalars.count }
        return .insert(at: Int.random(in: 0...length, using: &random), text: text)
    }

    /// Another order in which the events can be added.
    mutating func shuffled() -> [Event] {
        var waiting = events
        var done: Set<TextEventID> = []
        var result: [Event] = []
        while !waiting.isEmpty {
            let ready = waiting.indices.filter { waiting[$0].parents.allSatisfy(done.contains) }
            let next = waiting.remove(at: ready.randomElement(using: &random) ?? 0)
            done.insert(next.id)
            result.append(next)
        }
        return result
    }
}
