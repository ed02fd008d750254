import Testing
import TextCRDT

struct TextHistoryTests {
    private let agent = TextAgent(high: 1, low: 1)

    private func id(_ sequence: UInt64) -> TextEventID { TextEventID(agent: agent, sequence: sequence) }

    private func sample() throws -> TextHistory {
        var history = TextHistory()
        try history.add(id(1), parents: [], operations: [.insert(at: 0, text: "abc")])
        try history.add(id(2), parents: [id(1)], operations: [.delete(at: 0, count: 1)])
        try history.add(id(3), parents: [id(1)], operations: [.insert(at: 3, text: "d")])
        return history
    }

    private static let refusals: [(TextError.Code, UInt64, [UInt64], [TextOperation])] = [
        (.duplicateEvent, 2, [1], [.insert(at: 0, text: "x")]),
        (.unknownEvent, 4, [1, 9], [.insert(at: 0, text: "x")]),
        (.unknownEvent, 4, [4], [.insert(at: 0, text: "x")]),
        (.outOfRange, 4, [2], [.insert(at: 3, text: "x")]),
        (.outOfRange, 4, [2], [.insert(at: -1, text: "x")]),
        (.outOfRange, 4, [2, 3], [.delete(at: 2, count: 2)]),
        (.outOfRange, 4, [1], [.delete(at: .max, count: 1)]),
        (.outOfRange, 4, [1], [.delete(at: 1, count: .max)]),
        (.outOfRange, 4, [1], [.delete(at: -1, count: 1)]),
        (.outOfRange, 4, [1], [.insert(at: 0, text: "x"), .delete(at: 0, count: 5)]),
        (.outOfRange, 4, [], [.delete(at: 0, count: 1)]),
        (.emptyOperation, 4, [1], [.insert(at: 0, text: "")]),
        (.emptyOperation, 4, [1], [.delete(at: 0, count: 0)]),
        (.emptyOperation, 4, [1], [.delete(at: 0, count: -1)]),
        (.emptyOperation, 4, [1], [.delete(at: 0, count: .min)]),
        (
            .tooLong, 4, [2],
            [.insert(at: 0, text: String(repeating: "x", count: TextHistory.maximumLength - 1))]
        ),
    ]

    @Test("A refused event changes nothing", arguments: refusals.indices)
    func refusedEventChangesNothing(row: Int) throws {
        let (code, sequence, parents, operations) = Self.refusals[row]
        var history = try sample()
        let before = (history.merged(), history.heads)
        do {
            try history.add(id(sequence), parents: parents.map(id), operations: operations)
            Issue.record("accepted \(operations)")
        } catch {
            #expect(error.code == code)
        }
        #expect(history.merged() == before.0)
        #expect(history.heads == before.1)
        #expect(!history.contains(id(4)))
        try history.add(id(4), parents: [id(2), id(3)], operations: [.insert(at: 3, text: "!")])
        #expect(history.merged().text == "bcd!")
    }

    @Test func nothingFollowsOnTheLastNumber() throws {
        var history = TextHistory()
        try history.add(id(.max), parents: [], operations: [.insert(at: 0, text: "a")])
        try history.add(id(0), parents: [id(.max)], operations: [.insert(at: 1, text: "b")])
        #expect(history.contains(id(0)) && history.heads == [id(0)])
        #expect(try history.text(at: [id(0)]) == "ab")
        let read = try TextHistory(encoded: history.encoded())
        #expect(read.heads == [id(0)])
        #expect(read.merged() == history.merged())
        let error = #expect(throws: TextError.self) {
            var text = Text(agent: agent, history: history)
            try text.insert("c", atScalar: 0)
        }
        #expect(error?.code == .numbersUsedUp)
    }

    /// What one change of 2 MiB can ask for at most: each deletion passes all that was deleted before it.
    @Test(.timeLimit(.minutes(2))) func aLongTextIsTakenAwayScalarByScalar() throws {
        var history = TextHistory()
        let length = TextHistory.maximumLength
        let text = TextOperation.insert(at: 0, text: String(repeating: "x", count: length))
        let deletions = (0..<300_000).map { _ in TextOperation.delete(at: 0, count: 1) }
        let insertions = (0..<50_000).map { TextOperation.insert(at: length - 300_000 + $0, text: "y") }
        try history.add(id(1), parents: [], operations: [text] + deletions + insertions)
        #expect(try history.length(at: [id(1)]) == length - 250_000)
        #expect(try history.text(at: [id(1)]).hasSuffix("xyy" + String(repeating: "y", count: 49_998)))
    }

    @Test func aTextMayBecomeAsLongAsTheLimit() throws {
        var history = try sample()
        let text = String(repeating: "x", count: TextHistory.maximumLength - 3)
        try history.add(id(4), parents: [id(1)], operations: [.insert(at: 1, text: text)])
        #expect(try history.length(at: [id(4)]) == TextHistory.maximumLength)
        #expect(try history.length(at: [id(2), id(3), id(4)]) == TextHistory.maximumLength)
    }

    @Test func unknownVersionsAreRefused() throws {
        let history = try sample()
        #expect(throws: TextError.self) { try history.text(at: [id(1), id(9)]) }
        #expect(throws: TextError.self) { try history.length(at: [id(9)]) }
    }

    @Test func theEmptyVersionIsTheEmptyText() throws {
        let history = try sample()
        #expect(try history.text(at: []) == "")
        #expect(try history.length(at: []) == 0)
        #expect(TextHistory().merged() == TextHistory().merged())
        #expect(TextHistory().merged().text == "")
    }

    @Test func parentsNeedNotBeReduced() throws {
        var history = try sample()
        try history.add(
            id(4), parents: [id(2), id(1), id(2), id(3)], operations: [.insert(at: 2, text: "+")])
        #expect(history.merged().text == "bc+d")
        #expect(history.heads == [id(4)])
        #expect(history.merged().overlaps.isEmpty)
    }

    @Test func headsAreSorted() throws {
        var history = TextHistory()
        for sequence in [3, 1, 2] as [UInt64] {
            try history.add(id(sequence), parents: [], operations: [])
        }
        #expect(history.heads == [id(1), id(2), id(3)])
        try history.add(id(4), parents: [id(1), id(3)], operations: [])
        #expect(history.heads == [id(2), id(4)])
    }

    @Test func composedAndDecomposedLettersAreDifferentOperations() {
        let composed = TextOperation.insert(at: 0, text: "\u{e9}")
        let decomposed = TextOperation.insert(at: 0, text: "e\u{301}")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed, composed]).count == 2)
        #expect(TextOperation.delete(at: 0, count: 1) != .delete(at: 0, count: 2))
    }

    @Test func indexesCountScalars() throws {
        var writer = try Writer(1)
        try writer.edit(.insert(at: 0, text: "e\u{301}🇳🇱"))
        try writer.edit(.delete(at: 1, count: 1), .insert(at: 2, text: "|"))
        #expect(Array(writer.text.unicodeScalars) == Array("e\u{1F1F3}|\u{1F1F1}".unicodeScalars))
    }

    /// Ten thousand keystrokes at random places take a fraction of a second. A replay of everything for each
    /// would take minutes: the bound leaves room for a busy machine only.
    @Test func aLongHistoryWithoutConcurrencyIsQuick() throws {
        var random = SplitMix64(seed: 11)
        var history = TextHistory()
        let time = try ContinuousClock().measure {
            for sequence in 1...10_000 as ClosedRange<UInt64> {
                let index = Int.random(in: 0..<Int(sequence), using: &random)
                try history.add(
                    id(sequence), parents: history.heads, operations: [.insert(at: index, text: "x")])
            }
        }
        #expect(history.merged().spans.count == 10_000)
        #expect(time < .seconds(20), "took \(time)")
        print("10,000 keystrokes took \(time)")
    }
}
