import Testing
import TextCRDT

/// The engine against the tree of the paper.
struct OracleTests {
    @Test("Random histories give the text of the tree", arguments: 0..<20)
    func agreesWithTree(batch: UInt64) throws {
        for seed in batch * 50..<batch * 50 + 50 {
            let random = RandomHistory(seed: seed, replicas: 3 + Int(seed % 2), steps: 14)
            var tree = FugueTree()
            var history = TextHistory()
            for event in random.events {
                tree.add(event)
                try history.add(event.id, parents: event.parents, operations: event.operations)
                let version = event.parents + [event.id]
                #expect(
                    try Array(history.text(at: version).unicodeScalars) == tree.text(of: version),
                    "seed \(seed)")
                #expect(
                    Array(history.merged().text.unicodeScalars) == tree.text(of: history.heads),
                    "seed \(seed)")
            }
        }
    }
}
