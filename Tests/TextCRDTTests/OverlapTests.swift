import Testing
import TextCRDT

struct OverlapTests {
    private func base(_ text: String) throws -> [Event] {
        var writer = try Writer(100)
        try writer.edit(.insert(at: 0, text: text))
        return writer.events
    }

    private func pair(on text: String) throws -> (Writer, Writer) {
        let base = try base(text)
        return (try Writer(1, knowing: base), try Writer(2, knowing: base))
    }

    private func merged(_ writers: Writer...) throws -> MergedText {
        try TextHistory(merging: writers).merged()
    }

    // P-058
    @Test func insertionsAtOnePlaceOverlap() throws {
        var (one, other) = try pair(on: "[]")
        let first = try one.edit(.insert(at: 1, text: "ab"))
        let second = try other.edit(.insert(at: 1, text: "cd"))
        let overlaps = try merged(other, one).overlaps
        #expect(overlaps.map(\.offset) == [3])
        #expect(overlaps.map(\.events) == [[first, second]])
    }

    @Test func twoFirstTextsOverlap() throws {
        var (one, other) = (try Writer(1), try Writer(2))
        try one.edit(.insert(at: 0, text: "Beste jury"))
        try other.edit(.insert(at: 0, text: "Geachte jury"))
        #expect(try merged(one, other).overlaps.map(\.offset) == [10])
    }

    @Test func threeWritersMeetTwice() throws {
        var writers = [try Writer(1), try Writer(2), try Writer(3)]
        for index in writers.indices { try writers[index].edit(.insert(at: 0, text: "ab")) }
        #expect(try merged(writers[2], writers[0], writers[1]).overlaps.map(\.offset) == [2, 4])
    }

    // P-058
    @Test func insertionsAtDifferentPlacesDoNotOverlap() throws {
        var (one, other) = try pair(on: "abc")
        try one.edit(.insert(at: 1, text: "X"))
        try other.edit(.insert(at: 2, text: "Y"))
        #expect(try merged(one, other).overlaps.isEmpty)
    }

    @Test func onesOwnTextDoesNotOverlap() throws {
        let base = try base("[]")
        var (window, retry) = (try Writer(1, knowing: base), TextHistory())
        try window.edit(.insert(at: 1, text: "ab"))
        for event in window.events { try retry.add(event) }
        try retry.add(
            TextEventID(agent: window.agent, sequence: 2), parents: [base[0].id],
            operations: [.insert(at: 1, text: "cd")])
        #expect(retry.merged().text == "[abcd]")
        #expect(retry.merged().overlaps.isEmpty)
    }

    @Test func whoSawTheOtherDoesNotOverlap() throws {
        var (one, other) = try pair(on: "[]")
        try one.edit(.insert(at: 1, text: "ab"))
        try other.learn(one.events)
        try other.edit(.insert(at: 3, text: "cd"))
        #expect(try merged(one, other).overlaps.isEmpty)
    }

    @Test func anInsertionAndADeletionDoNotOverlap() throws {
        var (one, other) = try pair(on: "abc")
        try one.edit(.delete(at: 0, count: 3))
        try other.edit(.insert(at: 1, text: "X"))
        #expect(try merged(one, other).overlaps.isEmpty)
    }

    @Test func twoReplacementsOfOneWordOverlap() throws {
        var (one, other) = try pair(on: "De kat zat.")
        try one.edit(.delete(at: 3, count: 3), .insert(at: 3, text: "hond"))
        try other.edit(.delete(at: 3, count: 3), .insert(at: 3, text: "geit"))
        let result = try merged(one, other)
        #expect(result.text == "De hondgeit zat.")
        #expect(result.overlaps.map(\.offset) == [7])
    }

    /// The shortest differences begin at different letters, yet both rewrote the word.
    @Test func replacementsOfWordsThatShareALetterOverlap() throws {
        var (one, other) = try pair(on: "the cat sat")
        for operation in TextDifference.difference(from: "the cat sat", to: "the dog sat") {
            try one.edit(operation)
        }
        for operation in TextDifference.difference(from: "the cat sat", to: "the cow sat") {
            try other.edit(operation)
        }
        let result = try merged(one, other)
        #expect(result.text == "the dogow sat")
        #expect(result.overlaps.map(\.offset) == [7])
    }

    @Test func anOverlapEndsWhenSomeoneWritesBetween() throws {
        var (one, other) = try pair(on: "[]")
        try one.edit(.insert(at: 1, text: "ab"))
        try other.edit(.insert(at: 1, text: "cd"))
        try one.learn(other.events)
        try one.edit(.insert(at: 0, text: "elsewhere"))
        #expect(one.history.merged().overlaps.map(\.offset) == [12])
        try one.edit(.insert(at: 12, text: ", "))
        #expect(one.history.merged().overlaps.isEmpty)
    }

    @Test func anOverlapEndsWhenOneSideIsDeleted() throws {
        var (one, other) = try pair(on: "[]")
        try one.edit(.insert(at: 1, text: "ab"))
        try other.edit(.insert(at: 1, text: "cd"))
        try one.learn(other.events)
        try one.edit(.delete(at: 1, count: 1))
        #expect(one.history.merged().overlaps.map(\.offset) == [2])
        try one.edit(.delete(at: 1, count: 1))
        #expect(one.history.merged().overlaps.isEmpty)
    }

    // P-058
    @Test func textDeletedByWhoSawBothSidesStillDivides() throws {
        var (one, other) = try pair(on: "a-b")
        try one.edit(.insert(at: 1, text: "X"))
        try other.edit(.insert(at: 2, text: "Y"))
        try one.learn(other.events)
        #expect(one.text == "aX-Yb")
        try one.edit(.delete(at: 2, count: 1))
        #expect(one.history.merged().overlaps.isEmpty)
    }

    // P-058
    @Test func textDeletedBlindlyDoesNotDivide() throws {
        var (one, other) = try pair(on: "a-b")
        try one.edit(.insert(at: 1, text: "X"), .delete(at: 2, count: 1))
        try other.edit(.insert(at: 2, text: "Y"))
        #expect(try merged(one, other).overlaps.map(\.offset) == [2])
    }
}
