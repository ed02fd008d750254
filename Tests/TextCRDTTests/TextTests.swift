import Testing
import TextCRDT

/// The face: what somebody does with a text, and hands to others.
struct TextTests {
    private let laptop = TextAgent(high: 4, low: 1)
    private let phone = TextAgent(high: 4, low: 2)

    private func pair(on string: String) throws -> (Text, Text) {
        var mine = Text(agent: laptop)
        try mine.replace(with: string)
        return (mine, try Text(agent: phone, encoded: mine.encoded()))
    }

    @Test func editsTravelBothWays() throws {
        var (mine, theirs) = try pair(on: "Beste jury")
        let theirEdit = try theirs.insert(", beste allen", atScalar: 10)
        let myEdit = try mine.replace(with: "Geachte jury")
        let edit = try #require(myEdit)
        // An author whom the other one does not know yet comes with the update.
        try mine.merge(theirs.history.encoded(since: mine.version.filter(theirs.history.contains)))
        try theirs.merge(mine.encoded(edit))
        try mine.merge(theirs.encoded(theirEdit))
        #expect(mine.string == "Geachte jury, beste allen")
        #expect(theirs.string == mine.string)
        #expect(theirs == mine)
    }

    @Test("A keystroke takes at most 15 bytes, and comes once")
    func keystrokes() throws {
        var (mine, theirs) = try pair(on: String(repeating: "a", count: 100_000))
        for step in 0..<200 {
            let edit =
                step % 5 == 4
                ? try mine.delete(scalars: 50_000 + step..<50_001 + step)
                : try mine.insert("é", atScalar: 50_000 + step)
            let bytes = mine.encoded(edit)
            #expect(bytes.count <= 15)
            try theirs.merge(bytes)
            try theirs.merge(bytes)
        }
        #expect(theirs.string == mine.string)
    }

    @Test func indexesAreThoseOfTheString() throws {
        var text = Text(agent: laptop)
        try text.replace(with: "Zoë 👩‍👧 e\u{301}én")
        let string = text.string
        let family = try #require(string.firstIndex(of: "👩‍👧"))
        try text.insert("& ", at: family, in: string)
        #expect(text.string == "Zoë & 👩‍👧 e\u{301}én")
        let next = text.string
        let start = try #require(next.firstIndex(of: "👩‍👧"))
        try text.delete(start..<next.index(start, offsetBy: 2), in: next)
        #expect(text.string == "Zoë & e\u{301}én")
    }

    @Test func aNewTextDividesNoCluster() throws {
        var (mine, theirs) = try pair(on: "👩‍👧 en 👩‍👦")
        try mine.replace(with: "👩‍👦 en 👩‍👦")
        try theirs.replace(with: "👩‍👧 en 👨‍👦")
        try mine.merge(theirs)
        #expect(mine.string == "👩‍👦 en 👨‍👦")
        #expect(try mine.replace(with: mine.string) == nil)
    }

    @Test func aFailedEditChangesNothing() throws {
        var (mine, _) = try pair(on: "abc")
        let before = mine
        #expect(throws: TextError.self) { try mine.insert("x", atScalar: 4) }
        #expect(throws: TextError.self) { try mine.delete(scalars: 2..<4) }
        #expect(throws: TextError.self) { try mine.insert("", atScalar: 0) }
        #expect(mine == before)
        try mine.insert("x", atScalar: 3)
        #expect(mine.version.first?.sequence == 2)
    }

    @Test func aReviewShowsWhatBecameOfEachPassage() throws {
        var (mine, theirs) = try pair(on: "een oude zin")
        let before = mine.version
        try mine.delete(scalars: 4..<9)
        try theirs.insert("heel ", atScalar: 4)
        try mine.merge(theirs)
        let segments = try mine.history.comparison(from: before, to: mine.version).segments
        let shown = segments.map { segment in
            switch segment.fate {
            case .kept: segment.text
            case .inserted: "+\(segment.text)"
            case .deleted: "-\(segment.text)"
            }
        }
        #expect(shown == ["een ", "+heel ", "-oude ", "zin"])
        #expect(segments.map(\.event.agent) == [laptop, phone, laptop, laptop])
        #expect(try mine.history.text(at: before) == "een oude zin")
    }

    @Test("Any comparison says what both versions hold")
    func comparisonsHoldBothVersions() throws {
        for seed in 1...100 as ClosedRange<UInt64> {
            let deep = try DeepHistory(seed: seed, .init(replicas: 4, steps: 30))
            let (old, new) = ([deep.events[deep.events.count / 3].id], deep.history.heads)
            for (from, to) in [(old, new), (new, old), (old, old)] {
                let segments = try deep.history.comparison(from: from, to: to).segments
                let before = segments.filter { $0.fate != .inserted }.map(\.text).joined()
                let after = segments.filter { $0.fate != .deleted }.map(\.text).joined()
                let expected = (try deep.history.text(at: from), try deep.history.text(at: to))
                #expect(before.unicodeScalars.elementsEqual(expected.0.unicodeScalars), "seed \(seed)")
                #expect(after.unicodeScalars.elementsEqual(expected.1.unicodeScalars), "seed \(seed)")
            }
        }
    }

    @Test func whoGoesOnFromAFileGoesOnByNumber() throws {
        var (mine, _) = try pair(on: "a")
        try mine.insert("b", atScalar: 1)
        var again = try Text(agent: laptop, encoded: mine.encoded())
        try again.insert("c", atScalar: 2)
        #expect(again.version == [TextEventID(agent: laptop, sequence: 3)])
        try mine.merge(again)
        #expect(mine.string == "abc")
    }

    @Test func oldVersionsCanBeReadAndCompared() throws {
        var (mine, theirs) = try pair(on: "een zin")
        let before = mine.version
        try mine.insert("mooie ", atScalar: 4)
        let between = mine.version
        try theirs.delete(scalars: 0..<4)
        try mine.merge(theirs)
        #expect(mine.string == "mooie zin")
        #expect(try mine.string(at: []) == "")
        #expect(try mine.string(at: before) == "een zin")
        #expect(try mine.string(at: between) == "een mooie zin")
        #expect(try mine.string(at: theirs.version) == "zin")
        let fates = try mine.comparison(from: between, to: theirs.version).segments.map { ($0.text, $0.fate) }
        #expect(fates.map(\.0) == ["een ", "mooie ", "zin"])
        #expect(fates.map(\.1) == [.deleted, .deleted, .kept])
        let strange = TextEventID(agent: TextAgent(high: 9, low: 9), sequence: 1)
        #expect(throws: TextError.self) { try mine.string(at: [strange]) }
        #expect(throws: TextError.self) { try mine.comparison(from: [], to: [strange]) }
    }

    @Test func whoWroteWhatAndWhereTheyMetIsTold() throws {
        var (mine, theirs) = try pair(on: "[]")
        try mine.insert("ab", atScalar: 1)
        try theirs.insert("cd", atScalar: 1)
        try mine.merge(theirs)
        #expect(mine.string == "[abcd]")
        #expect(mine.authors.map(\.range) == [0..<1, 1..<3, 3..<5, 5..<6])
        #expect(mine.authors.map(\.event.agent) == [laptop, laptop, phone, laptop])
        #expect(mine.overlaps.map(\.offset) == [3])
        #expect(mine.overlaps.first?.events.map(\.agent) == [laptop, phone])
        try mine.insert(" of ", atScalar: 3)
        #expect(mine.overlaps.isEmpty)
    }

    @Test("Two that tell each other their versions come to the same by one update each way")
    func updatesSinceAVersion() throws {
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SplitMix64(seed: seed)
            var (mine, theirs) = try pair(on: "begin")
            for step in 0..<12 {
                if Bool.random(using: &random) {
                    try mine.insert(
                        "a", atScalar: Int.random(in: 0...mine.string.unicodeScalars.count, using: &random))
                } else {
                    try theirs.insert("b", atScalar: 0)
                }
                guard step % 4 == 3 else { continue }
                // Each asks before it has what the other one has.
                let (toMine, toTheirs) = (
                    theirs.encoded(since: mine.version), mine.encoded(since: theirs.version)
                )
                try mine.merge(toMine)
                if Bool.random(using: &random) { try theirs.merge(toTheirs) }
            }
            try theirs.merge(mine.encoded(since: theirs.version))
            try mine.merge(theirs.encoded(since: mine.version))
            #expect(mine == theirs && mine.string == theirs.string, "seed \(seed)")
            #expect(mine.encoded(since: theirs.version).count < 16, "seed \(seed)")
        }
    }

    @Test func aFileHoldsTheWholeHistoryOrNoDeletedText() throws {
        var (mine, _) = try pair(on: "geheim en openbaar")
        let before = mine.version
        try mine.delete(scalars: 0..<10)
        var options = TextHistory.EncodingOptions()
        options.isCompressed = false
        for keepsDeletedText in [true, false] {
            options.keepsDeletedText = keepsDeletedText
            let bytes = mine.encoded(options)
            let holds = String(decoding: bytes, as: UTF8.self).contains("geheim")
            #expect(holds == keepsDeletedText)
            let read = try Text(agent: phone, encoded: bytes)
            #expect(read.string == "openbaar" && read == mine)
            #expect(try read.string(at: before).hasPrefix("geheim") == keepsDeletedText)
        }
    }
}
