import Testing
import TextCRDT

struct TextDifferenceTests {
    private func apply(_ operations: [TextOperation], to text: String) -> [Unicode.Scalar] {
        var scalars = Array(text.unicodeScalars)
        for operation in operations {
            switch operation {
            case .insert(let index, let text):
                scalars.insert(contentsOf: text.unicodeScalars, at: index)
            case .delete(let index, let count):
                scalars.removeSubrange(index..<index + count)
            }
        }
        return scalars
    }

    /// The scalar offsets between the grapheme clusters of a text.
    private func boundaries(of text: String) -> Set<Int> {
        var boundaries: Set<Int> = [0]
        var end = 0
        for cluster in text {
            end += cluster.unicodeScalars.count
            boundaries.insert(end)
        }
        return boundaries
    }

    /// Operations go from left to right, so what is before an index is new and what is after it is old.
    private func expectWholeClusters(
        _ operations: [TextOperation], _ old: String, _ new: String, _ seed: UInt64
    ) {
        let (oldBoundaries, newBoundaries) = (boundaries(of: old), boundaries(of: new))
        var shift = 0
        for operation in operations {
            switch operation {
            case .insert(let index, let text):
                let count = text.unicodeScalars.count
                #expect(newBoundaries.isSuperset(of: [index, index + count]), "seed \(seed)")
                #expect(oldBoundaries.contains(index - shift), "seed \(seed)")
                shift += count
            case .delete(let index, let count):
                #expect(oldBoundaries.isSuperset(of: [index - shift, index - shift + count]), "seed \(seed)")
                #expect(newBoundaries.contains(index), "seed \(seed)")
                shift -= count
            }
        }
    }

    private func randomText(_ count: Int, _ random: inout SplitMix64) -> String {
        (0..<count).map { _ in RandomHistory.pieces.randomElement(using: &random) ?? "" }.joined()
    }

    @Test("The operations make the new text and divide no grapheme cluster", arguments: 0..<20)
    func makesNewText(batch: UInt64) throws {
        for seed in batch * 50..<batch * 50 + 50 {
            var random = SplitMix64(seed: seed)
            let old = randomText(Int.random(in: 0...30, using: &random), &random)
            var pieces = old.map(String.init)
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let index = Int.random(in: 0...pieces.count, using: &random)
                if index < pieces.count, Bool.random(using: &random) {
                    pieces.remove(at: index)
                } else {
                    pieces.insert(randomText(1, &random), at: index)
                }
            }
            let unrelated = randomText(Int.random(in: 0...30, using: &random), &random)
            for new in [pieces.joined(), unrelated] {
                let operations = TextDifference.difference(from: old, to: new)
                #expect(apply(operations, to: old) == Array(new.unicodeScalars), "seed \(seed)")
                expectWholeClusters(operations, old, new, seed)
                var history = TextHistory()
                let ids = (1...2).map { TextEventID(agent: TextAgent(high: 0, low: 0), sequence: $0) }
                let first: [TextOperation] = old.isEmpty ? [] : [.insert(at: 0, text: old)]
                try history.add(ids[0], parents: [], operations: first)
                try history.add(ids[1], parents: [ids[0]], operations: operations)
                #expect(history.merged().text.utf8.elementsEqual(new.utf8), "seed \(seed)")
            }
        }
    }

    @Test func equalTextsNeedNothing() {
        #expect(TextDifference.difference(from: "", to: "").isEmpty)
        #expect(TextDifference.difference(from: "e\u{301}", to: "e\u{301}").isEmpty)
    }

    @Test func composedBecomesDecomposed() {
        let operations = TextDifference.difference(from: "caf\u{e9}s", to: "cafe\u{301}s")
        #expect(operations == [.delete(at: 3, count: 1), .insert(at: 3, text: "e\u{301}")])
    }

    @Test func anAccentReplacesTheWholeCluster() {
        let operations = TextDifference.difference(from: "xey", to: "xe\u{301}y")
        #expect(operations == [.delete(at: 1, count: 1), .insert(at: 1, text: "e\u{301}")])
        let family = TextDifference.difference(from: "👩‍👧", to: "👩‍👦")
        #expect(family == [.delete(at: 0, count: 3), .insert(at: 0, text: "👩‍👦")])
    }

    @Test func aRewrittenWordIsOneEdit() {
        let operations = TextDifference.difference(from: "de voorzitter zelf", to: "de secretaris zelf")
        #expect(operations == [.delete(at: 3, count: 10), .insert(at: 3, text: "secretaris")])
        let typos = TextDifference.difference(from: "de voorziter zleft", to: "de voorzitter zelf")
        let expected: [TextOperation] = [
            .insert(at: 10, text: "t"), .delete(at: 15, count: 4), .insert(at: 15, text: "elf"),
        ]
        #expect(typos == expected)
    }

    @Test func smallEditsInALongTextStaySmall() {
        let line = "Zij zet zich al twintig jaar in voor de buurt.\n"
        let old = String(repeating: line, count: 400)
        var scalars = Array(old.unicodeScalars)
        scalars.replaceSubrange(15_000..<15_001, with: "QQ".unicodeScalars)
        scalars.removeSubrange(9_000..<9_002)
        scalars.insert("#", at: 100)
        let operations = TextDifference.difference(from: old, to: String(String.UnicodeScalarView(scalars)))
        #expect(apply(operations, to: old) == scalars)
        #expect(operations.count == 4)
        #expect(operations.first == .insert(at: 100, text: "#"))
        for case .insert(_, let text) in operations { #expect(text.unicodeScalars.count <= 2) }
        for case .delete(_, let count) in operations { #expect(count <= 2) }
    }

    @Test func textsThatDifferTooMuchAreComparedByLines() {
        let kept = (0..<300).map { "Regel \($0) blijft staan.\n" }
        let old = kept.enumerated().map { $0 == 100 ? "oud\n" + $1 : $1 }.joined()
        let block = String((0..<900).map { Character(Unicode.Scalar(0x4E00 + $0) ?? "x") })
        var lines = kept
        lines[50] = block + "\n" + kept[50]
        lines[200] = "Regel 200 blijft hier staan.\n"
        let new = lines.joined()
        let operations = TextDifference.difference(from: old, to: new)
        #expect(apply(operations, to: old) == Array(new.unicodeScalars))
        let kinds = operations.map { operation in
            switch operation {
            case .insert(_, let text): "+\(text.unicodeScalars.count)"
            case .delete(_, let count): "-\(count)"
            }
        }
        #expect(kinds == ["+901", "-4", "+5"])
    }

    @Test func unrelatedLongTextsAreReplacedInBoundedTime() {
        var random = SplitMix64(seed: 5)
        let old = String((0..<50_000).map { _ in Bool.random(using: &random) ? "a" : "b" })
        let new = String((0..<50_000).map { _ in Bool.random(using: &random) ? "a" : "b" })
        var operations: [TextOperation] = []
        let time = ContinuousClock().measure { operations = TextDifference.difference(from: old, to: new) }
        #expect(apply(operations, to: old) == Array(new.unicodeScalars))
        #expect(time < .seconds(10), "took \(time)")
        print("two unrelated texts of 50,000 scalars took \(time)")
    }
}
