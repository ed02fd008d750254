import Testing

@testable import TextCRDT

/// Updates that name neighbours which never were: whoever takes them in, and by whatever way, judges them alike and
/// comes to the same text.
struct ForgedNeighbourTests {
    private let forger = TextAgent(high: 9, low: 9)

    /// What inserts a letter between two scalars of a history, or its edges, on a version.
    private func forged(
        _ number: UInt64, on parents: [TextEventID], _ left: UInt32, _ right: UInt32, _ history: TextHistory
    ) -> Excerpt {
        var excerpt = Excerpt()
        func name(_ scalar: UInt32) -> UInt32 {
            if scalar == EditLog.edge { return scalar }
            excerpt.foreignScalars.append(
                Excerpt.Foreign(
                    event: history.graph.id(of: history.log.event(of: scalar)),
                    offset: history.log.offset(of: scalar), count: 1, isStepwise: false))
            return Excerpt.firstForeign + UInt32(excerpt.foreignScalars.count - 1)
        }
        excerpt.agents = [forger]
        excerpt.runs = [CausalGraph.Run(first: 0, agent: 0, sequence: number, parents: 0)]
        excerpt.foreignEvents = parents
        excerpt.parents = parents.indices.map { Excerpt.firstForeign + UInt32($0) }
        excerpt.insertions = [
            EditLog.Insertion(scalar: 0, left: name(left), right: name(right), origin: EventSpan(0))
        ]
        excerpt.scalars.append("x")
        excerpt.eventCount = 1
        return excerpt
    }

    private func scalar(_ history: TextHistory, _ random: inout SplitMix64) -> UInt32 {
        let number = Int.random(in: -1..<history.log.count, using: &random)
        return number < 0 ? EditLog.edge : UInt32(number)
    }

    private func take(_ excerpt: Excerpt, into history: inout TextHistory) -> Bool {
        do {
            try history.merge(excerpt)
            return true
        } catch {
            return false
        }
    }

    @Test("Forged neighbours are taken or refused alike, and make one text")
    func forgedNeighbours() throws {
        var taken = 0
        var refused = 0
        for seed in Environment.histories.first..<Environment.histories.first + Environment.histories.count
            / 8
        {
            let deep = try DeepHistory(seed: seed, .init(replicas: 3, steps: 16, merges: 3, piece: 2))
            var random = SplitMix64(seed: seed)
            // One has its replay at hand, the other has but the file.
            var open = deep.history
            var closed = try TextHistory(encoded: open.encoded())
            for number in 1...12 as ClosedRange<UInt64> {
                let lie = forged(
                    number, on: open.heads, scalar(open, &random), scalar(open, &random), open)
                let (one, other) = (take(lie, into: &open), take(lie, into: &closed))
                #expect(one == other, "seed \(seed), update \(number)")
                if one { taken += 1 } else { refused += 1 }
                let (before, length) = (open.heads, try open.length(at: open.heads))
                try open.add(
                    TextEventID(agent: TextAgent(high: 8, low: 8), sequence: number), parents: before,
                    operations: [.insert(at: Int.random(in: 0...length, using: &random), text: "y")])
                try closed.merge(open.encoded(since: before))
                #expect(closed.text == open.text, "seed \(seed), update \(number)")
                #expect(try TextHistory(encoded: open.encoded()).text == open.text, "seed \(seed)")
                #expect(open.replay?.tree.brokenInvariant() == nil, "seed \(seed)")
            }
        }
        #expect(taken > 0 && refused > 0)
    }

    /// B and C hang on A; who puts something between A and C cannot have overlooked B.
    @Test func whatStandsBetweenNeighboursIsNotOverlooked() throws {
        var writers = [try Writer(1), try Writer(2), try Writer(3)]
        try writers[0].edit(.insert(at: 0, text: "A"))
        try writers[1].learn(writers[0].events)
        try writers[1].edit(.insert(at: 1, text: "B"))
        try writers[2].learn(writers[1].events)
        try writers[2].edit(.insert(at: 2, text: "C"))
        let honest = writers[2].history
        for (left, right) in [(0, 2), (2, 1), (1, 0), (1, 1)] as [(UInt32, UInt32)] {
            for var history in [honest, try TextHistory(encoded: honest.encoded())] {
                let lie = forged(1, on: honest.heads, left, right, honest)
                let error = #expect(throws: TextError.self) { try history.merge(lie) }
                #expect(error?.code == .malformed)
                #expect(history.text == "ABC" && history.heads == honest.heads)
            }
        }
    }

    @Test func nobodyInsertsBesideWhatHeHasNotSeen() throws {
        var writers = [try Writer(1), try Writer(2)]
        let first = try writers[0].edit(.insert(at: 0, text: "A"))
        try writers[1].learn(writers[0].events)
        try writers[1].edit(.insert(at: 1, text: "B"))
        let honest = writers[1].history
        for (left, right) in [(1, EditLog.edge), (0, 1)] as [(UInt32, UInt32)] {
            for var history in [honest, try TextHistory(encoded: honest.encoded())] {
                let lie = forged(1, on: [first], left, right, honest)
                let error = #expect(throws: TextError.self) { try history.merge(lie) }
                #expect(error?.code == .malformed)
                #expect(history.text == "AB")
            }
        }
    }
}
