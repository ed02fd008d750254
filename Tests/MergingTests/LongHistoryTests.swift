import ChangeLog
import Merging
import Testing

/// What a replica must be able to fold whatever its peers send. The bounds are far above what it takes
/// and far below what a cubic fold takes.
@Suite("Long histories", .serialized)
struct LongHistoryTests {
    private func seconds(_ story: Story, _ check: (MergedRecord) -> Void) -> Duration {
        let entries = story.entries
        var record: MergedRecord?
        let time = ContinuousClock().measure { record = RecordFold.fold(record: one, entries: entries) }
        if let record { check(record) }
        return time
    }

    @Test(arguments: [WritePolicy.register, .quiet, .immutable])
    func manyWritesThatSawNothingOfEachOther(_ policy: WritePolicy) {
        var story = Story()
        story.write("a", create())
        story.write("a", write("f", .integer(-1), policy))
        for number in 0..<4000 {
            story.write("b", seeing: 2, own: 0, write("f", .integer(Int64(number)), policy))
        }
        let time = seconds(story) { record in
            #expect(record["f"]?.conflicts.first?.candidates.count ?? 0 >= (policy == .quiet ? 0 : 4000))
        }
        print("4000 concurrent writes, \(policy): \(time)")
        #expect(time < .seconds(4))
    }

    @Test func manyWritesOfWhichEachSawMost() {
        var story = Story()
        story.write("a", create())
        for number in 0..<1000 as Range<UInt64> {
            let own = number == 0 ? 0 : number - number % 2
            story.write("b", seeing: 1, own: own, write("f", .integer(Int64(number))))
        }
        let time = seconds(story) { #expect($0["f"]?.conflicts.count == 1) }
        print("1000 writes that each saw most: \(time)")
        #expect(time < .seconds(10))
    }

    @Test func manyWritesInARow() {
        var story = Story()
        story.write("a", create())
        for number in 0..<4000 {
            story.write(number % 3 == 0 ? "b" : "c", write("f", .integer(Int64(number))))
        }
        let time = seconds(story) { #expect($0["f"]?.value == .integer(3999)) }
        print("4000 writes in a row: \(time)")
        #expect(time < .seconds(4))
    }

    @Test func manyRemovalsThatSawNothingOfEachOther() {
        var story = Story()
        story.write("a", create())
        for _ in 0..<2000 { story.write("b", seeing: 1, own: 0, .remove(one, settling: [])) }
        let time = seconds(story) { #expect($0.presence == .removed) }
        print("2000 concurrent removals: \(time)")
        #expect(time < .seconds(4))
    }

    @Test(arguments: [WritePolicy.register, .immutable])
    func manyResolutionsOfWhichEachSawHalf(_ policy: WritePolicy) {
        var story = Story()
        story.write("a", create())
        for number in 0..<1000 as Range<UInt64> {
            let settled = number < 2 ? [] : [ChangeID(replica: Story.replica("b"), number: number / 2)]
            let resolution = Operation.resolve(
                one, "f", policy, .value(.integer(Int64(number))), settling: settled)
            story.write("b", seeing: 1, own: number / 2, resolution)
        }
        let time = seconds(story) { #expect($0["f"]?.conflicts.count == 1) }
        print("1000 resolutions that each saw half, \(policy): \(time)")
        #expect(time < .seconds(20))
    }

    @Test func manyRemovalsAndEditsOfWhichEachSawHalf() {
        var story = Story()
        story.write("a", create())
        for number in 0..<1000 as Range<UInt64> {
            let operation = number % 2 == 0 ? write("f", .integer(1)) : .remove(one, settling: [])
            story.write("b", seeing: 1, own: number / 2, operation)
        }
        let time = seconds(story) { #expect($0.presence == .disputed) }
        print("500 removals and 500 edits that each saw half: \(time)")
        #expect(time < .seconds(20))
    }

    @Test func manyInsertsAndTakesOfOneValue() {
        var story = Story()
        story.write("a", create())
        for _ in 0..<1500 { story.write("b", seeing: 1, own: 0, .insert(one, "tags", .text("x"))) }
        for _ in 0..<1500 { story.write("c", seeing: 1, own: 0, .take(one, "tags", .text("x"))) }
        let time = seconds(story) { #expect($0["tags"]?.value == .list([.text("x")])) }
        print("1500 inserts, 1500 takes: \(time)")
        #expect(time < .seconds(4))
    }
}
