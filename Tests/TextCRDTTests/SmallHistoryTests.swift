import Testing
import TextHistories

/// Small histories beside the papers: here some of them, so that whoever changes the engine sees at once; millions of them
/// by `make histories`.
struct SmallHistoryTests {
    @Test("Random histories come to what the papers say, by every way", arguments: 0..<8)
    func randomHistories(batch: UInt64) throws {
        let environment = Environment.histories
        let count = environment.count / 8
        for seed in environment.first + batch * count..<environment.first + (batch + 1) * count {
            var choices = RandomChoices(seed: seed)
            var check = HistoryCheck(SmallHistory(.random, &choices), choices)
            #expect(throws: Never.self, "seed \(seed)") { try check.run(asksAll: true) }
        }
    }

    @Test("All histories of up to three letters by three authors do, in all orders of arrival")
    func everySmallHistory() throws {
        var counts: [Int] = []
        for letters in 1...3 {
            var choices = EveryChoice()
            var count = 0
            repeat {
                let shape = SmallHistory.Shape(authors: 3...3, events: letters...letters, isLifelike: false)
                let history = SmallHistory(shape, &choices)
                try HistoryCheck(history, choices).everyArrival()
                count += 1
            } while choices.advance()
            counts.append(count)
        }
        #expect(counts == [3, 36, 945])
    }

    /// The check itself: a history that was told otherwise than it was made is at fault, and shrinks to what matters.
    @Test func aHistoryOfOtherEventsIsAtFault() throws {
        var choices = RandomChoices(seed: 5)
        let history = SmallHistory(.random, &choices)
        func isAtFault(_ history: SmallHistory) -> Bool {
            history.events.contains { $0.operations.count > 1 }
        }
        var random = RandomChoices(seed: 1)
        let larger = (0..<100).lazy.map { _ in SmallHistory(.random, &random) }.first(where: isAtFault)
        let small = try #require(larger).shrunk(isAtFault)
        #expect(small.events.count { $0.operations.count > 1 } == 1)
        #expect(small.events.count <= (larger?.events.count ?? 0))
        #expect(history.events.count >= 3)
    }
}
