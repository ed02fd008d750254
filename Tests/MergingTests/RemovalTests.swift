import ChangeLog
import Merging
import Testing

@Suite("Removals")
struct RemovalTests {
    // P-051, P-059
    @Test func aRemovalThatSawEverythingRemoves() {
        var story = Story()
        story.write("a", create(), write("name", .text("A")))
        story.write("b", .remove(one, settling: []))
        let record = story.merged()
        #expect(record.presence == .removed)
        #expect(!record.isVisible)
        #expect(record.conflicts.isEmpty)
        #expect(record["name"]?.value == .text("A"))
    }

    // P-051
    @Test func removedAndCreatedAgainIsThereAgain() {
        var story = Story()
        let key = RecordKey([.text("x")])
        story.write("a", .create(one, kind: "note", parent: nil, key: key))
        story.write("b", .remove(one, settling: []))
        story.write("c", .create(one, kind: "note", parent: two, key: key))
        let record = story.merged()
        #expect(record.presence == .present)
        #expect(record.parent == nil, "the creation at the lowest position counts")
        #expect(record.creation?.key == key)
        #expect(record.history.map(\.outcome) == [.superseded, .superseded, .shown])
    }

    // P-051, P-059
    @Test func anEditUnawareOfARemovalDisputesIt() {
        var story = Story()
        story.write("a", create())
        let removal = story.write("b", seeing: 1, .remove(one, settling: []))
        let edit = story.write("c", seeing: 1, write("name", .text("C")))
        let record = story.merged()
        #expect(record.presence == .disputed)
        #expect(record.isVisible)
        #expect(record.conflict?.id == "\(one).-")
        #expect(record.conflict?.kind == .removed)
        #expect(record.conflict?.settling == [removal, edit])
        #expect(record.conflict?.candidates.map(\.role) == [.removal, .edit])
        #expect(record.conflict?.shown == edit)
    }

    // P-051, P-059
    @Test func aRestorationOrARemovalThatNamesBothSidesSettlesThem() {
        for isKept in [true, false] {
            var story = Story()
            story.write("a", create())
            let removal = story.write("b", seeing: 1, .remove(one, settling: []))
            let edit = story.write("c", seeing: 1, write("name", .text("C")))
            let sides = [removal, edit].sorted()
            story.write("a", isKept ? .restore(one, settling: sides) : .remove(one, settling: sides))
            #expect(story.merged().presence == (isKept ? .present : .removed))
            #expect(story.merged().conflicts.isEmpty)
        }
    }

    @Test func aPlainRemovalOfADisputedRecordLeavesTheDispute() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, .remove(one, settling: []))
        story.write("c", seeing: 1, write("name", .text("C")))
        story.write("b", .remove(one, settling: []))
        #expect(story.merged().presence == .disputed)
    }

    // P-051, P-059
    @Test func namingTheLatestEditOfAReplicaNamesItsEarlierOnes() {
        var story = Story()
        story.write("a", create())
        let removal = story.write("b", seeing: 1, .remove(one, settling: []))
        story.write("c", seeing: 1, write("name", .text("C")))
        let last = story.write("c", seeing: 1, write("order", .integer(1)))
        #expect(story.merged().conflict?.settling == [removal, last])
        story.write("a", .remove(one, settling: [removal, last]))
        #expect(story.merged().presence == .removed)
    }

    // P-051
    @Test func anEditThatSawTheRemovalDisputesItToo() {
        var story = Story()
        story.write("a", create())
        let removal = story.write("b", .remove(one, settling: []))
        let late = story.write("c", write("name", .text("late")))
        let record = story.merged()
        #expect(record.presence == .disputed)
        #expect(record["name"]?.value == .text("late"))
        #expect(record.conflict?.settling == [removal, late])
        story.write("a", .remove(one, settling: [removal, late]))
        #expect(story.merged().presence == .removed)
    }

    /// B edits a record that its own pending edit keeps on its screen, and that one is refused.
    @Test func anEditOfARecordThatWasInDisputeOnItsAuthorsScreenIsNotLost() {
        var story = Story()
        story.write("a", create())
        let refused = story.write("b", seeing: 1, pending: true, write("name", .text("B")))
        let removal = story.write("a", seeing: 1, .remove(one, settling: []))
        let edit = story.write("b", pending: true, write("order", .integer(2)))
        var workspace = Workspace()
        for entry in story.entries { workspace.insert(entry) }
        #expect(workspace.merged(one, in: Story.audience)?.presence == .disputed)
        workspace.drop(refused)
        workspace.place(edit, at: Position(3), effective: HybridTime(200))
        let record = workspace.merged(one, in: Story.audience)
        #expect(record?.isVisible == true)
        #expect(record?.conflict?.settling == [removal, edit])
    }

    @Test func aChangeThatRemovesARecordAndEditsOneInsideItRemoves() {
        var story = Story()
        story.write("a", create(), create(two, in: one))
        story.write("b", .write(two, "name", .register, .null), .remove(one, settling: []))
        story.write("a", .restore(one, settling: []))
        story.write("b", .remove(one, settling: []), .write(two, "name", .register, .integer(1)))
        #expect(story.merged().presence == .removed)
    }

    // P-059
    @Test func anEditInsideARecordDisputesTheRemovalOfTheOuterOne() {
        var story = Story()
        let three = Story.record(3)
        story.write("a", create(), create(two, in: one), create(three, in: two))
        story.write("b", seeing: 1, .remove(one, settling: []))
        let edit = story.write("c", seeing: 1, .write(three, "name", .register, .null))
        #expect(story.merged(1).presence == .disputed)
        #expect(story.merged(1).conflict?.settling.contains(edit) == true)
        #expect(story.merged(2).presence == .present)
    }

    // P-059
    @Test func theRemovalOfAContainedRecordIsNoEditOfTheOuterOne() {
        var story = Story()
        story.write("a", create(), create(two, in: one))
        story.write("b", seeing: 1, .remove(one, settling: []))
        story.write("c", seeing: 1, .remove(two, settling: []))
        #expect(story.merged(1).presence == .removed)
    }

    @Test func recordsThatContainEachOtherFoldAllTheSame() {
        var story = Story()
        story.write("a", create(one, in: two), create(two, in: one))
        story.write("b", seeing: 1, .remove(one, settling: []))
        story.write("c", seeing: 1, .write(two, "name", .register, .null))
        #expect(story.merged(1).presence == .disputed)
    }
}
