import TextCRDT

/// Replicas that type and merge at random, made without an oracle, so that there can be many and long ones.
///
/// Most write on what they wrote last, as people do; some replicas hear of nobody for long.
struct DeepHistory {
    struct Shape {
        var replicas: Int
        var steps: Int
        /// One step in so many is a merge of what another one has.
        var merges = 4
        /// Longest insertion, in scalars.
        var piece = 3
    }

    private(set) var events: [Event] = []
    private(set) var history = TextHistory()
    private var random: SplitMix64

    init(seed: UInt64, _ shape: Shape) throws {
        random = SplitMix64(seed: seed)
        // For each replica the heads of what it has, and where it wrote last.
        var heads = [[TextEventID]](repeating: [], count: shape.replicas)
        var carets = [Int](repeating: 0, count: shape.replicas)
        var sequences = [UInt64](repeating: 0, count: shape.replicas)
        for _ in 0..<shape.steps {
            let replica = Int.random(in: 0..<shape.replicas, using: &random)
            if Int.random(in: 0..<shape.merges, using: &random) == 0 {
                let source = Int.random(in: 0..<shape.replicas, using: &random)
                heads[replica] += heads[source]
                // Often people meet to write in one place.
                if Bool.random(using: &random) { carets[replica] = carets[source] }
                continue
            }
            sequences[replica] += UInt64(Int.random(in: 0..<8, using: &random) == 0 ? 2 : 1)
            let id = TextEventID(
                agent: TextAgent(high: 0, low: UInt64((replica * 7 + 3) % shape.replicas)),
                sequence: sequences[replica])
            var length = try history.length(at: heads[replica])
            let operations = (0..<Int.random(in: 0...9, using: &random) / 8 + 1).map { _ in
                operation(on: &length, near: &carets[replica], shape)
            }
            let event = Event(id: id, parents: heads[replica], operations: operations)
            try history.add(event)
            events.append(event)
            heads[replica] = [id]
        }
    }

    private mutating func operation(on length: inout Int, near caret: inout Int, _ shape: Shape)
        -> TextOperation
    {
        if Int.random(in: 0..<4, using: &random) == 0 { caret = Int.random(in: 0...length, using: &random) }
        caret = min(caret, length)
        if caret > 0, Int.random(in: 0..<3, using: &random) == 0 {
            let count = Int.random(in: 1...min(3, caret), using: &random)
            caret -= count
            length -= count
            return .delete(at: caret, count: count)
        }
        let letters = (0..<Int.random(in: 1...shape.piece, using: &random)).map { _ in
            ["a", "b", "c", "é", "👩"].randomElement(using: &random) ?? ""
        }
        let index = caret
        if Bool.random(using: &random) { caret += letters.count }
        length += letters.count
        return .insert(at: index, text: letters.joined())
    }

    /// Another order in which the events can be added.
    mutating func shuffled() -> [Event] {
        var known: Set<TextEventID> = []
        var waiting = events
        var result: [Event] = []
        while !waiting.isEmpty {
            // One pass over what is left, in which each that is ready goes with even odds.
            var rest: [Event] = []
            for event in waiting {
                if event.parents.allSatisfy(known.contains), Bool.random(using: &random) {
                    known.insert(event.id)
                    result.append(event)
                } else {
                    rest.append(event)
                }
            }
            waiting = rest
        }
        return result
    }
}
