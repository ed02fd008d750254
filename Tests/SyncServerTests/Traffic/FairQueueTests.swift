import Testing

@testable import SyncServer

@Suite struct FairQueueTests {
    private func drain(_ queue: inout FairQueue<String, String>, budget: Int) -> [[String]] {
        var rounds: [[String]] = []
        while !queue.isEmpty { rounds.append(queue.next(upTo: budget)) }
        return rounds
    }

    @Test func `what one has piled up does not stand before the others`() {
        var queue = FairQueue<String, String>(quantum: 10)
        for number in 0..<50 { queue.append("flood \(number)", of: "flood", cost: 10) }
        queue.append("a", of: "anna", cost: 1)
        queue.append("b", of: "bram", cost: 1)
        #expect(queue.count == 52)
        let rounds = (0..<2).map { _ in queue.next(upTo: 20) }
        #expect(rounds == [["flood 0", "a", "b"], ["flood 1"]])
    }

    @Test func `small pieces go before a large one that came first, which still has its turn`() {
        var queue = FairQueue<String, String>(quantum: 10)
        queue.append("large", of: "flood", cost: 100)
        for number in 0..<20 { queue.append("\(number)", of: "anna", cost: 10) }
        let rounds = drain(&queue, budget: 50)
        let turn = rounds.firstIndex(of: ["large"]) ?? rounds.firstIndex { $0.contains("large") }
        #expect(turn == 9)
        #expect(rounds.flatMap { $0 }.filter { $0 != "large" } == (0..<20).map { "\($0)" })
    }

    @Test func `a large piece goes by itself, and those who came with it before it`() {
        var queue = FairQueue<String, String>(quantum: 10)
        queue.append("first", of: "anna", cost: 1)
        queue.append("large", of: "flood", cost: 20)
        for name in ["bram", "carla"] { queue.append(name, of: name, cost: 1) }
        var rounds = [queue.next(upTo: 100)]
        #expect(rounds == [["first", "bram", "carla"]])
        queue.append("late", of: "anna", cost: 1)
        rounds = drain(&queue, budget: 100)
        #expect(rounds == [["late"], ["large"]] || rounds == [["large"], ["late"]])
    }

    @Test func `alone, one is served at once whatever its piece costs`() {
        var queue = FairQueue<String, String>(quantum: 10)
        queue.append("large", of: "flood", cost: 100_000)
        let rounds = (0..<2).map { _ in queue.next(upTo: 50) }
        #expect(rounds == [["large"], []])
        #expect(queue.isEmpty)
    }

    @Test func `the budget bounds a round, and whom it kept back comes first`() {
        var queue = FairQueue<String, String>(quantum: 10)
        for name in ["a", "b", "c"] { queue.append(name, of: name, cost: 8) }
        #expect(drain(&queue, budget: 16) == [["a", "b"], ["c"]])
    }

    /// Each gets out what went in, in its own order, and over a time of plenty nobody gets less than his share.
    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func `nothing is lost, and shares are equal`(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var queue = FairQueue<Int, (key: Int, number: Int, cost: Int)>(quantum: 16)
        var sent = Array(repeating: 0, count: 5)
        for key in 0..<5 {
            for _ in 0..<200 {
                let cost = Int.random(in: 1...(key == 0 ? 200 : 20), using: &random)
                queue.append((key, sent[key], cost), of: key, cost: cost)
                sent[key] += 1
            }
        }
        var (got, spent) = (Array(repeating: 0, count: 5), Array(repeating: 0, count: 5))
        while !queue.isEmpty {
            let round = queue.next(upTo: 100)
            #expect(!round.isEmpty)
            #expect(round.count == 1 || round.reduce(0) { $0 + $1.cost } <= 100, "seed \(seed)")
            for piece in round {
                #expect(piece.number == got[piece.key], "seed \(seed)")
                got[piece.key] += 1
                spent[piece.key] += piece.cost
            }
            guard got.allSatisfy({ $0 < 200 }) else { continue }
            // The largest piece and two quanta apart at most.
            let (least, most) = (spent.min() ?? 0, spent.max() ?? 0)
            #expect(most - least <= 200 + 2 * 16, "seed \(seed): \(spent)")
        }
        #expect(got == sent, "seed \(seed)")
    }
}
