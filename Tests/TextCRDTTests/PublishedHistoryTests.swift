import Foundation
import Testing
import TextHistories

/// Histories in the published form. Those of the file were made by `histories write 300 1`, which knows what they come to
/// by the papers and not by the engine.
struct PublishedHistoryTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

    private func file() throws -> Data {
        try Data(contentsOf: Self.folder.appendingPathComponent("Published/random.jsonl.gz"))
    }

    @Test func allHistoriesOfAFileComeToTheTextThatTheyTell() throws {
        let all = PublishedHistory.all(in: try file())
        #expect(all.count == 300)
        for (number, history) in all {
            let difference = try history.get().difference()
            #expect(difference == nil, "line \(number)")
        }
    }

    @Test("What the file holds is what its command makes now")
    func fileIsThatOfItsCommand() throws {
        for (number, history) in PublishedHistory.all(in: try file()) {
            let made = PublishedHistory(seed: UInt64(number))
            #expect(try encoded(made) == encoded(history.get()), "line \(number)")
        }
    }

    @Test func theOlderFormIsOneList() throws {
        let some = try PublishedHistory.all(in: try file()).prefix(20).map { try $0.history.get() }
        let list = PublishedHistory.all(in: try JSONEncoder().encode(some))
        #expect(list.map(\.number) == Array(1...20))
        for (number, history) in list { #expect(try history.get().difference() == nil, "\(number)") }
    }

    @Test func anotherTextThanTheFileTellsIsADifference() throws {
        let line = #"{"endContent":"ba","txns":[\#(transaction("ann", 0, [0, 2], [], #"[0,0,"ab"]"#))]}"#
        let history = try one(line)
        let difference = try #require(try history.difference())
        #expect(difference.text == "ab")
    }

    /// Ann's numbers go down from one branch to the other; Bob's text stands between by his name.
    @Test func anAgentMayWriteOnTwoBranchesInAnyOrderOfNumbers() throws {
        let line = """
            {"endContent":"AaB","txns":[\(transaction("ann", 7, [0, 1], [], #"[0,0,"a"]"#)),\
            \(transaction("bob", 0, [1, 2], [], #"[0,0,"B"]"#)),\
            \(transaction("ann", 3, [2, 3], [], #"[0,0,"A"]"#))]}
            """
        #expect(try one(line).difference() == nil)
    }

    @Test("A history that breaks a rule is a fault, and no text", arguments: refused)
    func brokenRules(row: [String]) throws {
        let history = try one(#"{"endContent":"","txns":[\#(row[1])]}"#)
        let fault = #expect(throws: PublishedHistory.Fault.self) { try history.difference() }
        #expect(fault?.description.contains(row[0]) == true, "\(fault?.description ?? "")")
    }

    private static let refused: [[String]] = [
        ["parent 5", made("ann", 0, [0, 1], [5], #"[0,0,"a"]"#)],
        ["span", made("ann", 0, [0, 2], [], #"[0,0,"a"]"#)],
        ["span", made("ann", 0, [0], [], #"[0,0,"a"]"#)],
        ["not both", made("ann", 0, [0, 2], [], #"[0,1,"a"]"#)],
        ["not both", made("ann", 0, [0, 0], [], #"[0,0,""]"#)],
        ["outside", made("ann", 0, [0, 1], [], #"[1,0,"a"]"#)],
        ["outside", made("ann", 0, [0, 1], [], #"[0,1,""]"#)],
        [
            "there already",
            made("ann", 0, [0, 1], [], #"[0,0,"a"]"#) + "," + made("bob", 0, [0, 1], [], #"[0,0,"a"]"#),
        ],
        [
            "ann 1: Event 1 of this agent is in the text already",
            made("ann", 0, [0, 2], [], #"[0,0,"ab"]"#) + "," + made("ann", 1, [2, 3], [1], #"[0,0,"c"]"#),
        ],
    ]

    private static func made(_ agent: String, _ start: Int, _ span: [Int], _ parents: [Int], _ ops: String)
        -> String
    {
        #"{"agent":"\#(agent)","seqStart":\#(start),"span":\#(span),"parents":\#(parents),"ops":[\#(ops)]}"#
    }

    private func transaction(_ agent: String, _ start: Int, _ span: [Int], _ parents: [Int], _ ops: String)
        -> String
    {
        Self.made(agent, start, span, parents, ops)
    }

    private func one(_ line: String) throws -> PublishedHistory {
        try #require(PublishedHistory.all(in: Data(line.utf8)).first).history.get()
    }

    private func encoded(_ history: PublishedHistory) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        return try encoder.encode(history)
    }
}
