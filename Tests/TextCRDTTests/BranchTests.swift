import Testing
import TextCRDT

/// Long branches that knew nothing of each other.
struct BranchTests {
    @Test("Branches that came by turns are added one after the other, and parents first")
    func branchesInTurn() {
        // Two branches from event 0 on, and what joins them.
        let parents = [[], [0], [0], [1], [2], [3], [4], [5, 6], [7]]
        #expect(TextHistory.branchesInTurn(parents) == [0, 1, 3, 5, 2, 4, 6, 7, 8])
        #expect(TextHistory.branchesInTurn([[], [0, 0], [], [1, 2]]) == [0, 1, 2, 3])
        #expect(TextHistory.branchesInTurn([]).isEmpty)
        var random = SplitMix64(seed: 3)
        for size in 1..<200 {
            let parents = (0..<size).map { event in
                event == 0
                    ? []
                    : (0..<Int.random(in: 0...3, using: &random)).map { _ in
                        Int.random(in: 0..<event, using: &random)
                    }
            }
            let order = TextHistory.branchesInTurn(parents)
            #expect(order.sorted() == Array(0..<size))
            var place = [Int](repeating: 0, count: size)
            for (index, event) in order.enumerated() { place[event] = index }
            for event in 0..<size { #expect(parents[event].allSatisfy { place[$0] < place[event] }) }
        }
    }

    /// Of each branch all edits are somewhere else in the text, so that nothing of it is one run. To go from one to
    /// the other at each edit takes minutes.
    @Test("Branches of many scattered edits are replayed in seconds", .timeLimit(.minutes(2)))
    func longBranches() throws {
        let (branches, edits, base) = (4, 1500, 4000)
        var random = SplitMix64(seed: 7)
        var events = [
            Event(
                id: TextEventID(agent: TextAgent(high: 0, low: 99), sequence: 1), parents: [],
                operations: [.insert(at: 0, text: String(repeating: "-", count: base))])
        ]
        var parents: [[Int]] = [[]]
        for edit in 0..<edits {
            for branch in 0..<branches {
                let parent = edit == 0 ? 0 : events.count - branches
                parents.append([parent])
                events.append(
                    Event(
                        id: TextEventID(
                            agent: TextAgent(high: 0, low: UInt64(branch)), sequence: UInt64(edit + 1)),
                        parents: [events[parent].id],
                        operations: [
                            .insert(at: Int.random(in: 0...base + edit, using: &random), text: "\(branch)")
                        ]))
            }
        }
        var history = TextHistory()
        for event in TextHistory.branchesInTurn(parents) { try history.add(events[event]) }
        #expect(history.heads.count == branches)
        // By the other way, which knows no turns.
        let read = try TextHistory(encoded: history.encoded())
        #expect(read.merged() == history.merged())
        #expect(history.text.utf8.count == base + branches * edits)
        for branch in 0..<branches {
            #expect(history.text.utf8.count { $0 == UInt8(ascii: "0") + UInt8(branch) } == edits)
        }
    }
}
