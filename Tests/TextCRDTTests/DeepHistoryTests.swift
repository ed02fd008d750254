import Testing
import TextCRDT

/// The engine against the plain one, on histories with many authors and deep concurrency. `TEXT_HISTORIES`
/// says how many seeds, `TEXT_SEED` where they begin.
struct DeepHistoryTests {
    private static let shapes: [DeepHistory.Shape] = [
        .init(replicas: 2, steps: 12), .init(replicas: 3, steps: 25),
        .init(replicas: 5, steps: 40, merges: 3),
        .init(replicas: 3, steps: 60, merges: 12), .init(replicas: 12, steps: 60, merges: 2, piece: 1),
    ]

    private func check(_ seed: UInt64, _ shape: DeepHistory.Shape) throws {
        var deep = try DeepHistory(seed: seed, shape)
        var simple = SimpleHistory()
        for event in deep.events { simple.add(event) }
        let expected = simple.merged()
        let merged = deep.history.merged()
        #expect(SimpleHistory.Merged(merged) == expected, "seed \(seed) \(shape)")
        #expect(deep.history.heads == simple.heads, "seed \(seed) \(shape)")
        #expect(deep.history.replay?.tree.brokenInvariant() == nil, "seed \(seed) \(shape)")
        let event = deep.events[deep.events.count * 2 / 3]
        for version in [event.parents, [event.id]] {
            let text = try deep.history.text(at: version)
            #expect(Array(text.unicodeScalars) == simple.text(at: version), "seed \(seed) \(shape)")
        }
        let other = try TextHistory(deep.shuffled())
        #expect(other.merged() == merged, "seed \(seed) \(shape)")
    }

    @Test("Deep histories read as in the plain engine")
    func deepHistories() throws {
        let environment = Environment.histories
        for seed in environment.first..<environment.first + environment.count {
            try check(seed, Self.shapes[Int(seed % UInt64(Self.shapes.count))])
        }
    }

    @Test("So do histories of many authors", arguments: 0..<2)
    func manyAuthors(seed: UInt64) throws {
        try check(seed, .init(replicas: 375, steps: 2000, merges: 3))
    }
}
