import Testing

@testable import TextCRDT

/// Many questions at once about who had seen what, beside the sets of the plain graph.
struct PastQuestionsTests {
    private func check(_ seed: UInt64, _ questions: Int) throws {
        let deep = try DeepHistory(seed: seed, .init(replicas: 9, steps: 240, merges: 2))
        var simple = SimpleGraph()
        for event in deep.events {
            simple.append(event.id, parents: event.parents.compactMap(simple.index))
        }
        var random = SplitMix64(seed: seed)
        let graph = deep.history.graph
        let (refuted, expected) = graph.withView { view in
            var past = PastQuestions(view)
            var expected: [Int] = []
            var last = (-1, -1)
            for _ in 0..<questions {
                let run = Int.random(in: 1..<view.runs.count, using: &random)
                let first = Int(view.runs[run].first)
                let event = Int.random(in: max(0, first - 60)..<first, using: &random)
                // One that was asked just now is not asked again.
                if last == (event, run) { continue }
                last = (event, run)
                past.ask(event, before: run)
                if !simple.isAncestor(event, of: first) { expected.append(run) }
            }
            past.answer()
            return (past.refuted.sorted(), expected.sorted())
        }
        #expect(refuted == expected, "seed \(seed), \(questions) questions")
        #expect(questions < 100 || !refuted.isEmpty && refuted.count < questions, "seed \(seed)")
    }

    /// A few are answered one by one, more by 256.
    @Test(
        "Questions are answered alike, however many there are", arguments: [1, 5, 16, 17, 100, 256, 257, 700])
    func answers(questions: Int) throws {
        for seed in 1...20 as ClosedRange<UInt64> { try check(seed, questions) }
    }
}
