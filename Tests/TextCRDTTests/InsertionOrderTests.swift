import Testing
import TextCRDT

/// What the paper promises of concurrent insertions, case by case.
struct InsertionOrderTests {
    /// Both ways of merging two writers, which must agree.
    private func merge(_ writers: Writer...) throws -> String {
        let forwards = try TextHistory(merging: writers).merged()
        let backwards = try TextHistory(merging: writers.reversed()).merged()
        #expect(forwards == backwards)
        return forwards.text
    }

    private func base(_ text: String) throws -> [Event] {
        var writer = try Writer(100)
        try writer.edit(.insert(at: 0, text: text))
        return writer.events
    }

    // P-057
    @Test func wordsTypedForwardsAtOnePlaceStayWhole() throws {
        let base = try base("[]")
        var (low, high) = (try Writer(1, knowing: base), try Writer(2, knowing: base))
        try high.type("milk", at: 1)
        try low.type("eggs", at: 1)
        #expect(try merge(low, high) == "[eggsmilk]")
    }

    @Test func wordsWrittenBackwardsAtOnePlaceStayWhole() throws {
        let base = try base("[]")
        var (low, high) = (try Writer(1, knowing: base), try Writer(2, knowing: base))
        try high.prepend("milk", at: 1)
        try low.prepend("eggs", at: 1)
        #expect(try merge(low, high) == "[eggsmilk]")
    }

    @Test func oneForwardsAndOneBackwardsStayWhole() throws {
        let base = try base("[]")
        var (low, high) = (try Writer(1, knowing: base), try Writer(2, knowing: base))
        try high.type("milk", at: 1)
        try low.prepend("eggs", at: 1)
        #expect(["[eggsmilk]", "[milkeggs]"].contains(try merge(low, high)))
    }

    @Test func threeFirstTextsOfAnEmptyDocumentStayWhole() throws {
        var writers = [try Writer(1), try Writer(2), try Writer(3)]
        try writers[0].type("een", at: 0)
        try writers[1].prepend("twee", at: 0)
        try writers[2].type("drie", at: 0)
        #expect(try merge(writers[0], writers[1], writers[2]) == "eentweedrie")
    }

    // P-057
    @Test func lowerAgentComesFirstAndHighHalfDecidesFirst() throws {
        var history = TextHistory()
        let agents = [
            TextAgent(high: 0, low: .max), TextAgent(high: 1, low: 0), TextAgent(high: 1 << 63, low: 0),
        ]
        for (agent, letter) in zip(agents, ["a", "b", "c"]).reversed() {
            try history.add(
                TextEventID(agent: agent, sequence: 1), parents: [],
                operations: [.insert(at: 0, text: letter)])
        }
        #expect(history.merged().text == "abc")
    }

    @Test func concurrentEventsOfOneAgentGoByTheirSequence() throws {
        var history = TextHistory()
        let agent = TextAgent(high: 7, low: 7)
        for (sequence, letter) in [(2, "b"), (10, "c"), (1, "a")] as [(UInt64, String)] {
            try history.add(
                TextEventID(agent: agent, sequence: sequence), parents: [],
                operations: [.insert(at: 0, text: letter)])
        }
        #expect(history.merged().text == "abc")
    }

    /// The case that tells FugueMax from Fugue: x stood between L and R, y between L and Q. The ids say y
    /// before x, but then x would come between y and the neighbour that its author gave it.
    @Test func whatWasPutNextToANeighbourStaysNextToIt() throws {
        let base = try base("R")
        var (left, middle) = (try Writer(1, knowing: base), try Writer(2, knowing: base))
        try left.edit(.insert(at: 0, text: "L"))
        try middle.edit(.insert(at: 0, text: "Q"))
        var (sawBoth, sawLeft) = (try Writer(3, knowing: left.events), try Writer(4, knowing: left.events))
        try sawBoth.learn(middle.events)
        #expect(sawBoth.text == "LQR")
        try sawBoth.edit(.insert(at: 1, text: "y"))
        try sawLeft.edit(.insert(at: 1, text: "x"))
        #expect(try merge(sawLeft, sawBoth) == "LxyQR")
    }

    // P-057
    @Test func insertionIntoADeletedPassageIsKept() throws {
        let base = try base("een oude zin")
        var (cutter, writer) = (try Writer(1, knowing: base), try Writer(2, knowing: base))
        try cutter.edit(.delete(at: 3, count: 5))
        try writer.edit(.insert(at: 6, text: "NIEUW"))
        #expect(try merge(cutter, writer) == "eenNIEUW zin")
    }

    @Test func whatTwoDeleteIsDeletedOnce() throws {
        let base = try base("abcdef")
        var (one, other) = (try Writer(1, knowing: base), try Writer(2, knowing: base))
        try one.edit(.delete(at: 1, count: 3))
        try other.edit(.delete(at: 2, count: 3))
        #expect(try merge(one, other) == "af")
        try one.learn(other.events)
        #expect(try one.history.text(at: [other.heads[0]]) == "abf")
        #expect(try one.history.length(at: one.heads) == 2)
    }

    @Test func operationsOfOneEventBuildOnEachOther() throws {
        var writer = try Writer(1)
        try writer.edit(.insert(at: 0, text: "abc"), .delete(at: 0, count: 2), .insert(at: 1, text: "de"))
        #expect(writer.text == "cde")
    }
}

extension TextHistory {
    /// All that these writers know.
    init(merging writers: [Writer]) throws {
        self.init()
        for writer in writers {
            for event in writer.events where !contains(event.id) { try add(event) }
        }
    }
}
