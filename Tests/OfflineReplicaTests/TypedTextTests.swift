import Testing
import TextCRDT

@testable import OfflineReplica

/// What was typed into a text that nobody knows any more.
@Suite struct TypedTextTests {
    private func left(_ operations: [TextOperation], in text: String) -> String {
        var typed = TypedText()
        for operation in operations { typed.apply(operation) }
        var scalars = Array(text.unicodeScalars)
        for case .insert(let index, let word) in typed.insertions(into: scalars.count) {
            scalars.insert(contentsOf: word.unicodeScalars, at: index)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test func staysWhereItWasAsFarAsThereIsText() {
        #expect(left([.insert(at: 2, text: "xy")], in: "abcd") == "abxycd")
        #expect(left([.insert(at: 9, text: "xy")], in: "abcd") == "abcdxy")
        #expect(left([.insert(at: 0, text: "x"), .insert(at: 3, text: "y")], in: "abcd") == "xabycd")
    }

    /// What others wrote is not deleted, for nobody knows what it was; own words that were taken back are.
    @Test func onlyOwnWordsAreTakenBack() {
        #expect(left([.delete(at: 0, count: 3)], in: "abcd") == "abcd")
        #expect(left([.insert(at: 1, text: "xyz"), .delete(at: 2, count: 1)], in: "abcd") == "axzbcd")
        #expect(left([.insert(at: 1, text: "xyz"), .delete(at: 0, count: 9)], in: "abcd") == "abcd")
        #expect(left([.delete(at: 1, count: 2), .insert(at: 1, text: "x")], in: "abcd").contains("x"))
        // What was deleted before an own word counts, so that it stays in its place.
        #expect(left([.delete(at: 0, count: 2), .insert(at: 1, text: "x")], in: "abcd") == "abcxd")
    }
}
