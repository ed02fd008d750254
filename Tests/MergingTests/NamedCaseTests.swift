import ChangeLog
import Merging
import Testing
import TextCRDT

@Suite("Cases that people meet")
struct NamedCaseTests {
    // P-054
    @Test func anEditThatSawAnotherReplacesIt() {
        var story = Story()
        story.write("a", create(), write("name", .text("Anna")))
        story.write("b", write("name", .text("Anne")))
        let name = story.merged()["name"]
        #expect(name?.value == .text("Anne"))
        #expect(name?.state == .settled)
        #expect(name?.history.map(\.outcome) == [.superseded, .shown])
    }

    // P-054
    /// Regression 1. The order of arrival and that of replicas differ.
    @Test func equalTimesAreOrderedByReplicaAlsoWhenTheOtherArrivedLast() {
        var story = Story()
        story.write("a", create())
        let shown = story.write("c", seeing: 1, stamp: 500, write("name", .text("C")))
        story.write("b", seeing: 1, stamp: 500, write("name", .text("B")))
        let name = story.merged()["name"]
        #expect(name?.value == .text("C"))
        #expect(name?.conflicts.first?.shown == shown)
    }

    @Test func equalTimesOnTwoReplicasAreOrderedByReplica() {
        var story = Story()
        story.write("a", create())
        let left = story.write("b", seeing: 1, stamp: 500, write("name", .text("B")))
        let right = story.write("c", seeing: 1, stamp: 500, write("name", .text("C")))
        let name = story.merged()["name"]
        #expect(name?.value == .text("C"))
        #expect(name?.state == .disputed)
        #expect(name?.conflicts.first?.candidates.map(\.change) == [left, right])
        #expect(name?.conflicts.first?.shown == right)
        #expect(name?.conflicts.first?.id == "\(one).name")
    }

    @Test func aClockAYearAheadDoesNotWin() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, stamp: 1_000_000, effective: 200, write("name", .text("early")))
        story.write("c", seeing: 1, stamp: 300, write("name", .text("late")))
        #expect(story.merged()["name"]?.value == .text("late"))
    }

    @Test func equalValuesByTwoPeopleAreNoConflict() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, write("name", .text("same")))
        story.write("c", seeing: 1, write("name", .text("same")))
        #expect(story.merged()["name"]?.state == .settled)
    }

    @Test func composedAndDecomposedTextAreTwoValues() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, write("name", .text("Zo\u{eb}")))
        story.write("c", seeing: 1, write("name", .text("Zoe\u{308}")))
        #expect(story.merged()["name"]?.conflicts.count == 1)
    }

    // P-054
    @Test func threeWriteAtOnceAndOneResolutionSettlesAllThatItNames() {
        var story = Story()
        story.write("a", create(), write("name", .text("old")))
        let first = story.write("a", seeing: 1, write("name", .text("A")))
        let second = story.write("b", seeing: 1, write("name", .text("B")))
        let third = story.write("c", seeing: 1, write("name", .text("C")))
        let disputed = story.merged()["name"]
        #expect(disputed?.conflicts.first?.candidates.count == 3)
        #expect(disputed?.conflicts.first?.base == .text("old"))
        #expect(disputed?.conflicts.first?.settling == [first, second, third])
        story.write(
            "b", .resolve(one, "name", .register, .keep(first), settling: [first, second, third]))
        let settled = story.merged()["name"]
        #expect(settled?.value == .text("A"))
        #expect(settled?.state == .settled)
    }

    @Test func aResolutionLeavesWhatItDoesNotName() {
        var story = Story()
        story.write("a", create())
        let first = story.write("a", seeing: 1, write("name", .text("A")))
        let second = story.write("b", seeing: 1, write("name", .text("B")))
        let third = story.write("c", seeing: 1, write("name", .text("C")))
        story.write("a", .resolve(one, "name", .register, .keep(first), settling: [first, second]))
        let name = story.merged()["name"]
        #expect(name?.state == .disputed)
        #expect(Set(name?.conflicts.first?.candidates.compactMap(\.value) ?? []) == [.text("A"), .text("C")])
        #expect(name?.conflicts.first?.candidates.contains { $0.change == third } == true)
    }

    // P-054
    @Test func aPlainEditOfADisputedFieldReplacesItsOwnReplicasOnly() {
        var story = Story()
        story.write("a", create())
        story.write("a", seeing: 1, write("name", .text("A")))
        story.write("b", seeing: 1, write("name", .text("B")))
        story.write("b", write("name", .text("B2")))
        let values = story.merged()["name"]?.conflicts.first?.candidates.compactMap(\.value) ?? []
        #expect(Set(values) == [.text("A"), .text("B2")])
    }

    // P-054
    @Test func twoResolutionsAtOnceAreAConflictOfResolutions() {
        var story = Story()
        story.write("a", create())
        let first = story.write("a", seeing: 1, write("name", .text("A")))
        let second = story.write("b", seeing: 1, write("name", .text("B")))
        story.write(
            "a", seeing: 3, .resolve(one, "name", .register, .keep(first), settling: [first, second]))
        story.write(
            "b", seeing: 3, .resolve(one, "name", .register, .keep(second), settling: [first, second]))
        #expect(story.merged()["name"]?.conflicts.first?.kind == .resolution)
    }

    // P-054
    @Test func aChoiceOfWhatWasNotSeenIsIgnored() {
        var story = Story()
        story.write("a", create(), write("name", .text("old")))
        let unseen = story.write("b", seeing: 1, write("name", .text("B")))
        story.write("c", seeing: 1, .resolve(one, "name", .register, .keep(unseen), settling: [unseen]))
        let name = story.merged()["name"]
        #expect(name?.value == .text("B"))
        #expect(name?.history.last?.outcome == .ignored)
    }

    @Test func anEntryGivenTwiceCountsOnceAndAsAccepted() {
        var story = Story()
        story.write("a", create(), .write(one, "notes", .appendOnly, .integer(1)))
        story.write("b", .write(one, "notes", .appendOnly, .integer(2)))
        let again = LogEntry(story.entries[0].change, .pending)
        let once = RecordFold.fold(record: one, entries: story.entries)
        #expect(RecordFold.fold(record: one, entries: [again] + story.entries) == once)
        #expect(RecordFold.fold(record: one, entries: story.entries + [again]) == once)
        #expect(once["notes"]?.value == .list([.integer(1), .integer(2)]))
        var workspace = Workspace()
        workspace.insert(again)
        for entry in story.entries { workspace.insert(entry) }
        workspace.insert(again)
        #expect(workspace.merged(one, in: Story.audience) == once)
    }

    /// The server refuses such a base; the fold does not believe it either.
    /// P-053.
    @Test func aDeviceThatClaimsToHaveSeenTheFutureErasesNothing() {
        var story = Story()
        story.write("a", create())
        let liar = story.write("b", seeing: 99, write("name", .text("mine for ever")))
        let next = story.write("c", seeing: 1, write("name", .text("C")))
        let conflict = story.merged()["name"]?.conflicts.first
        #expect(conflict?.settling == [liar, next])
    }

    @Test func anUnknownRecordFoldsToNothing() {
        let record = RecordFold.fold(record: two, entries: Story().entries)
        #expect(record.creation == nil)
        #expect(!record.isVisible)
        #expect(record.fields.isEmpty)
    }

    /// What is pending may be refused after the decision: a decision repeats its value, and stands.
    @Test func aDecisionForOnesOwnPendingValueOutlivesItsRefusal() {
        var story = Story()
        story.write("a", create(), write("name", .text("A")))
        let refused = story.write("b", seeing: 0, pending: true, write("name", .text("B")))
        let sides = story.merged()["name"]?.conflicts.first
        #expect(sides?.candidates.first { $0.change == refused }?.position == nil)
        let decision = story.write(
            "b", pending: true,
            .resolve(one, "name", .register, .value(.text("B")), settling: sides?.settling ?? []))
        var workspace = Workspace()
        for entry in story.entries { workspace.insert(entry) }
        workspace.drop(refused)
        workspace.place(decision, at: Position(2), effective: HybridTime(200))
        let name = workspace.merged(one, in: Story.audience)?["name"]
        #expect(name?.value == .text("B"))
        #expect(name?.state == .settled)
    }

    /// What is shown of an immutable field is one of the sides that are listed.
    /// P-054.
    @Test func anImmutableConflictShowsOneOfItsCandidates() {
        var story = Story()
        story.write("a", create())
        let first = story.write("a", seeing: 1, write("birth", .integer(1), .immutable))
        let second = story.write("b", seeing: 1, write("birth", .integer(2), .immutable))
        story.write("c", .resolve(one, "birth", .immutable, .keep(first), settling: [second]))
        story.write("d", seeing: 1, write("birth", .integer(3), .immutable))
        let birth = story.merged()["birth"]
        let conflict = birth?.conflicts.first
        let shown = conflict?.candidates.first { $0.change == conflict?.shown }
        #expect(birth?.value == .integer(1))
        #expect(shown?.value == .integer(1))
    }
}
