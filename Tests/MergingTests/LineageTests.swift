import ChangeLog
import Merging
import Testing

@Suite("Replicas that go on from others")
struct LineageTests {
    static let seeds: [UInt64] = (0..<6).map { 0x11e_0000 + $0 * 10_000 }

    /// The history with the changes of replica c from one number on under an id of their own, which goes on
    /// from it; the new id stands where the old one stood among the others.
    private func split(_ history: RandomHistory, after number: UInt64) -> [LogEntry] {
        let old = Story.replica("c")
        let lineage = Lineage(continuing: ChangeID(replica: old, number: number), of: .none)
        return history.entries.map { entry in
            var entry = entry
            entry.change.operations = entry.change.operations.map { Self.renamed($0, after: number) }
            guard entry.id.replica == old, entry.id.number > number else { return entry }
            entry.change.envelope.id = Self.renamed(entry.id, after: number)
            entry.lineage = lineage
            return entry
        }
    }

    private static let new = ReplicaID(
        Identifier128(high: Story.replica("c").bits.high, low: Story.replica("c").bits.low + 1))

    private static func renamed(_ change: ChangeID, after number: UInt64) -> ChangeID {
        guard change.replica == Story.replica("c"), change.number > number else { return change }
        return ChangeID(replica: new, number: change.number)
    }

    private static func renamed(_ operation: Operation, after number: UInt64) -> Operation {
        func all(_ changes: [ChangeID]) -> [ChangeID] { changes.map { renamed($0, after: number) }.sorted() }
        return switch operation {
        case .remove(let record, let changes): .remove(record, settling: all(changes))
        case .restore(let record, let changes): .restore(record, settling: all(changes))
        case .resolve(let record, let field, let policy, .keep(let kept), let changes):
            .resolve(record, field, policy, .keep(renamed(kept, after: number)), settling: all(changes))
        case .resolve(let record, let field, let policy, let choice, let changes):
            .resolve(record, field, policy, choice, settling: all(changes))
        case .accept(let record, let field, let changes): .accept(record, field, settling: all(changes))
        default: operation
        }
    }

    // P-112
    @Test(arguments: seeds)
    func aReplicaThatGoesOnMergesAsIfItHadStayedTheSame(_ seed: UInt64) {
        var conflicts = 0
        for offset in 0..<120 {
            let history = RandomHistory(seed: seed + UInt64(offset), steps: 8 + offset % 40)
            let numbers = history.entries.filter { $0.id.replica == Story.replica("c") }.map(\.id.number)
            guard let last = numbers.max(), last > 1 else { continue }
            let after = 1 + UInt64(offset) % (last - 1)
            var before = Workspace()
            var split = Workspace()
            for entry in history.entries { before.insert(entry) }
            for entry in self.split(history, after: after) { split.insert(entry) }
            for record in before.records(in: Story.audience) {
                let (expected, found) = (
                    before.merged(record, in: Story.audience), split.merged(record, in: Story.audience)
                )
                #expect(found?.presence == expected?.presence, "seed \(seed + UInt64(offset))")
                for field in expected?.fields ?? [] {
                    let other = found?.fields.first { $0.name == field.name && $0.policy == field.policy }
                    #expect(other?.value == field.value, "seed \(seed + UInt64(offset)), \(field.name)")
                    // Two edits of one replica never meet, and of two they do, own as they may be.
                    guard field.policy != .text else { continue }
                    let sides = field.conflicts.map {
                        $0.candidates.map { Self.renamed($0.change, after: after) }
                    }
                    conflicts += sides.count
                    #expect(
                        (other?.conflicts ?? []).map { $0.candidates.map(\.change) } == sides,
                        "seed \(seed + UInt64(offset)), \(field.name)")
                }
            }
        }
        #expect(conflicts > 0)
    }

    // P-112
    @Test func whatTheOriginalDidLaterCountsAsForeign() {
        let old = Story.replica("a")
        let first = Lineage(continuing: ChangeID(replica: old, number: 5), of: .none)
        let second = Lineage(continuing: ChangeID(replica: Story.replica("b"), number: 3), of: first)
        #expect(first.includes(ChangeID(replica: old, number: 5)))
        #expect(!first.includes(ChangeID(replica: old, number: 6)))
        #expect(second.includes(ChangeID(replica: Story.replica("b"), number: 3)))
        #expect(second.includes(ChangeID(replica: old, number: 3)))
        #expect(!second.includes(ChangeID(replica: old, number: 4)))
        let lineages = Lineages([
            Continuation(
                replica: Story.replica("b"), continued: ChangeID(replica: old, number: 5)),
            Continuation(
                replica: Story.replica("c"), continued: ChangeID(replica: Story.replica("b"), number: 3)),
        ])
        #expect(lineages[Story.replica("c")] == second)
        #expect(lineages[old] == .none)
    }
}
