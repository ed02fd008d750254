import ChangeLog
import Merging
import Testing
import TextCRDT

@Suite("Texts and ordered fields")
struct TextCaseTests {
    private func type(_ text: String, at index: Int) -> Operation {
        .edit(one, "essay", check: .empty, [.insert(at: index, text: text)])
    }

    // P-058
    @Test func twoWhoTypeInOnePlaceAreFlagged() {
        var story = Story()
        story.write("a", create(), type("Beste jury", at: 0))
        let left = story.write("b", seeing: 1, type(" hier", at: 10))
        let right = story.write("c", seeing: 1, type(" daar", at: 10))
        let essay = story.merged()["essay"]
        #expect(essay?.state == .disputed)
        #expect(essay?.conflicts.first?.settling == [left, right])
        #expect(essay?.conflicts.first?.rule == .bothStand)
        #expect(essay?.value?.text?.contains(" hier") == true)
        #expect(essay?.value?.text?.contains(" daar") == true)
        let words = essay?.conflicts.first?.candidates.compactMap { $0.value?.text }.sorted()
        #expect(words == [" daar", " hier"])
        story.write("a", .accept(one, "essay", settling: [left, right]))
        #expect(story.merged()["essay"]?.conflicts.isEmpty == true)
    }

    // P-058
    @Test func anAcceptanceThatSawOneSideOnlySettlesNothing() {
        var story = Story()
        story.write("a", create(), type("Beste jury", at: 0))
        let left = story.write("b", seeing: 1, type(" hier", at: 10))
        let right = story.write("c", seeing: 1, type(" daar", at: 10))
        story.write("a", seeing: 2, .accept(one, "essay", settling: [left, right]))
        #expect(story.merged()["essay"]?.conflicts.count == 1)
    }

    @Test func twoWhoTypeInDifferentPlacesAreNot() {
        var story = Story()
        story.write("a", create(), type("Beste jury", at: 0))
        story.write("b", seeing: 1, type("Aan: ", at: 0))
        story.write("c", seeing: 1, type("!", at: 10))
        let essay = story.merged()["essay"]
        #expect(essay?.value?.text == "Aan: Beste jury!")
        #expect(essay?.state == .settled)
    }

    // P-008, P-057
    @Test func anEditOutsideTheTextIsIgnoredAndStillCounted() {
        var story = Story()
        story.write("a", create(), type("kort", at: 0))
        let faulty = story.write("b", type("x", at: 40))
        let next = story.write("a", type("!", at: 4))
        let essay = story.merged()["essay"]
        #expect(essay?.value?.text == "kort!")
        #expect(essay?.history.map(\.outcome) == [.shown, .ignored, .shown])
        let all = TextVersion(
            of: "essay", one, in: story.entries,
            at: Base(epoch: Epoch(1), position: Position(3), own: 0), replica: Story.replica("z"))
        #expect(all.check == TextCheck([story.entries[0].id, faulty, next]))
    }

    // P-008
    @Test func aVersionHoldsWhatItsBaseSawAndNoMore() {
        var story = Story()
        story.write("a", create(), type("een", at: 0))
        story.write("b", type(" twee", at: 3))
        story.write("c", type(" drie", at: 8))
        let own = story.write("b", seeing: 2, pending: true, type("!", at: 8))
        let base = Base(epoch: Epoch(1), position: Position(2), own: 2)
        let version = TextVersion(
            of: "essay", one, in: story.entries, at: base, replica: Story.replica("b"))
        #expect(version.text == "een twee!")
        #expect(version.check == TextCheck([story.entries[0].id, story.entries[1].id, own]))
        let ids = story.entries.map { ($0.id, $0.placement.position) }
        #expect(TextVersion.check(of: ids, at: base, replica: Story.replica("b")) == version.check)
        #expect(TextVersion.check(of: ids.reversed(), at: base, replica: Story.replica("c")) != version.check)
    }

    // P-008: what is alike in both texts stays whose it was, and what was made since counts in what it saw.
    @Test func aDifferenceTakesItsOwnCharacters() {
        var story = Story()
        story.write("a", create(), type("<41>", at: 0))
        let other = story.write("b", seeing: 1, pending: true, type("<65>", at: 0))
        // Its number is above, but it was made without the other one.
        story.write("b", seeing: 1, type("!", at: 4))
        let known = story.entries.filter { $0.id != other }
        var others: [LogEntry] = story.entries.filter { $0.id == other }
        others[0].change.envelope.id = ChangeID(replica: Story.replica("z"), number: other.number)
        let base = Base(epoch: Epoch(1), position: Position(2), own: 9)
        let difference = TextVersion.difference(
            of: "essay", one, in: known, at: base, replica: Story.replica("b"), with: others)
        #expect(difference == [.insert(at: 0, text: "<65>")])
        others[0].change.operations = [
            .edit(one, "essay", check: .empty, [.delete(at: 1, count: 2), .insert(at: 1, text: "65")])
        ]
        let exchanged = TextVersion.difference(
            of: "essay", one, in: known, at: base, replica: Story.replica("b"), with: others)
        #expect(exchanged == [.insert(at: 1, text: "65"), .delete(at: 3, count: 2)])
    }

    @Test func editsOfOneChangeFollowOneAnother() {
        var story = Story()
        story.write(
            "a", create(), type("acd", at: 0), type("b", at: 1),
            .edit(one, "essay", check: .empty, [.delete(at: 3, count: 1), .insert(at: 3, text: "!")]))
        #expect(story.merged()["essay"]?.value?.text == "abc!")
    }

    // P-055
    @Test func aTakeRemovesOnlyWhatItSaw() {
        var story = Story()
        story.write("a", create(), .insert(one, "tags", .text("x")))
        story.write("b", seeing: 1, .take(one, "tags", .text("x")))
        #expect(story.merged()["tags"]?.value == .list([]))
        story.write("c", seeing: 1, .insert(one, "tags", .text("x")))
        #expect(story.merged()["tags"]?.value == .list([.text("x")]))
    }

    // P-054
    @Test func anImmutableValueStandsAndADifferentOneIsAConflict() {
        var story = Story()
        story.write("a", create())
        let first = story.write("b", seeing: 1, write("birth", .date(1), .immutable))
        let second = story.write("c", seeing: 1, stamp: 900, write("birth", .date(2), .immutable))
        story.write("a", seeing: 1, write("birth", .date(1), .immutable))
        let birth = story.merged()["birth"]
        #expect(birth?.value == .date(1))
        #expect(birth?.conflicts.first?.settling == [first, second])
        #expect(birth?.conflicts.first?.rule == .lowestPosition)
        story.write("a", .resolve(one, "birth", .immutable, .keep(second), settling: [first, second]))
        #expect(story.merged()["birth"]?.value == .date(2))
        #expect(story.merged()["birth"]?.state == .settled)
    }

    // P-056
    @Test func aDecidedFieldGoesByPositionAndAPendingWriteIsShownAsSuch() {
        var story = Story()
        story.write("a", stamp: 900, create(), write("phase", .integer(1), .decided))
        story.write("b", stamp: 100, write("phase", .integer(2), .decided))
        #expect(story.merged()["phase"]?.value == .integer(2))
        #expect(story.merged()["phase"]?.state == .settled)
        story.write("c", stamp: 0, pending: true, write("phase", .integer(3), .decided))
        #expect(story.merged()["phase"]?.value == .integer(3))
        #expect(story.merged()["phase"]?.state == .pending)
    }

    // P-056
    @Test func appendOnlyKeepsAllInOrderOfPosition() {
        var story = Story()
        story.write("a", pending: true, create(), write("notes", .integer(3), .appendOnly))
        story.write("b", seeing: 0, stamp: 900, write("notes", .integer(1), .appendOnly))
        story.write("c", seeing: 0, stamp: 1, write("notes", .integer(2), .appendOnly))
        #expect(
            story.merged()["notes"]?.value == .list([.integer(1), .integer(2), .integer(3)]))
    }

    // P-054
    @Test func aQuietFieldIsNeverInConflictAndTheNextWriteWins() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, stamp: 900, write("order", .integer(1), .quiet))
        story.write("c", seeing: 1, write("order", .integer(2), .quiet))
        #expect(story.merged()["order"]?.value == .integer(1))
        #expect(story.merged()["order"]?.state == .settled)
        story.write("a", stamp: 5, write("order", .integer(3), .quiet))
        #expect(story.merged()["order"]?.value == .integer(3))
    }

    // P-053
    @Test func oneNameUnderTwoPoliciesIsKeptApart() {
        var story = Story()
        story.write("a", create(), write("new-field", .integer(1), .quiet))
        story.write("b", seeing: 1, write("new-field", .integer(2), .appendOnly))
        story.write("c", seeing: 1, write("new-field", .unknown(tag: 12, bytes: [1, 2])))
        let fields = story.merged().fields
        #expect(fields.map(\.policy) == [.appendOnly, .quiet, .register])
        #expect(fields.last?.value == .unknown(tag: 12, bytes: [1, 2]))
    }

    @Test func aVerdictMovesAnEditFromPendingToItsPlace() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, write("name", .text("accepted")))
        let own = story.write("c", seeing: 1, stamp: 90_000, pending: true, write("name", .text("own")))
        var workspace = Workspace()
        for entry in story.entries { workspace.insert(entry) }
        let before = workspace.merged(one, in: Story.audience)
        #expect(before?["name"]?.value == .text("own"))
        #expect(before?.isPending == true)
        workspace.place(own, at: Position(3), effective: HybridTime(1))
        let after = workspace.merged(one, in: Story.audience)
        #expect(after?["name"]?.value == .text("accepted"))
        #expect(after?["name"]?.state == .disputed)
        workspace.drop(own)
        #expect(workspace.merged(one, in: Story.audience)?["name"]?.state == .settled)
    }

    @Test func bytesTellConflictsApartAndDoNotTellPositions() {
        var story = Story()
        story.write("a", create())
        story.write("b", seeing: 1, write("name", .text("B")))
        let bytes = story.merged().canonicalBytes
        var moved = story.entries
        moved[1].placement = .accepted(Position(7), effective: moved[1].change.envelope.time)
        #expect(RecordFold.fold(record: one, entries: moved).canonicalBytes == bytes)
        story.write("c", seeing: 1, stamp: 1, write("name", .text("C")))
        #expect(story.merged()["name"]?.value == .text("B"))
        #expect(story.merged().canonicalBytes != bytes)
    }
}
