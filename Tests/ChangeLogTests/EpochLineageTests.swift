import ChangeLog
import Testing

@Suite struct EpochLineageTests {
    private func record(_ epoch: UInt64, from parent: UInt64, at point: UInt64) -> EpochRecord {
        EpochRecord(
            epoch: Epoch(epoch), parent: Epoch(parent), point: Position(point), treeSize: point, root: .zero,
            milliseconds: 0)
    }

    private func base(_ epoch: UInt64, _ position: UInt64) -> Base {
        Base(epoch: Epoch(epoch), position: Position(position), own: 3)
    }

    // P-117
    @Test func aBaseCountsWithWhatWasInheritedOfIt() {
        let lineage = EpochLineage(
            Epoch(3), [record(2, from: 1, at: 10), record(3, from: 2, at: 7), record(9, from: 1, at: 4)])
        #expect(lineage.translated(base(3, 99)) == base(3, 99))
        #expect(lineage.translated(base(2, 8)) == base(3, 7))
        #expect(lineage.translated(base(2, 5)) == base(3, 5))
        // What the second restore lost is lost of the first epoch too.
        #expect(lineage.translated(base(1, 9)) == base(3, 7))
        #expect(lineage.translated(base(9, 1)) == nil)
    }

    // P-117, P-138
    @Test func whatWasJudgedBeforeAnEpochBeganKeepsItsBase() {
        let records = [record(2, from: 1, at: 10), record(3, from: 2, at: 7)]
        let lineage = EpochLineage(Epoch(3), records, at: [Epoch(2): Position(20), Epoch(3): Position(30)])
        #expect(lineage.translated(base(1, 15), at: Position(16)) == base(3, 15))
        #expect(lineage.translated(base(1, 15), at: Position(21)) == base(3, 10))
        #expect(lineage.translated(base(1, 15), at: Position(31)) == base(3, 7))
        #expect(lineage.translated(base(2, 22), at: Position(25)) == base(3, 22))
        #expect(lineage.translated(base(2, 22), at: Position(31)) == base(3, 7))
        #expect(lineage.translated(base(3, 31), at: Position(32)) == base(3, 31))
        #expect(lineage.translated(base(9, 1), at: Position(2)) == nil)
        // As long as the roster has not said where it began, nothing that comes stands behind it.
        let early = EpochLineage(Epoch(3), records)
        #expect(early.translated(base(1, 15), at: Position(16)) == base(3, 15))
        // An honest restore: both ways to tell it are one.
        let restored = EpochLineage(Epoch(2), [record(2, from: 1, at: 10)], at: [Epoch(2): Position(11)])
        for position in UInt64(2)...30 {
            for seen in 0..<position where position <= 10 || position > 11 {
                let base = base(1, seen)
                #expect(restored.translated(base, at: Position(position)) == restored.translated(base))
            }
        }
    }

    // P-115
    @Test func twoLineagesPartAtTheLeastRestorePoint() {
        let first = EpochLineage(Epoch(1))
        let second = EpochLineage(Epoch(2), [record(2, from: 1, at: 10)])
        let third = EpochLineage(Epoch(3), [record(3, from: 1, at: 6)])
        #expect(first.common(with: second) == Position(10))
        #expect(second.common(with: third) == Position(6))
        #expect(third.common(with: second) == Position(6))
        #expect(first.common(with: EpochLineage(Epoch(8))) == nil)
        // A circle of records ends somewhere.
        let circle = EpochLineage(Epoch(1), [record(1, from: 2, at: 5), record(2, from: 1, at: 3)])
        #expect(circle.bound(of: Epoch(2)) == Position(5))
    }
}
