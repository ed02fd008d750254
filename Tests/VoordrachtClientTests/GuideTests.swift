import Foundation
import Testing
import VoordrachtClient

/// The guide shows what compiles and works.
@Suite struct GuideTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    private static let guide = folder.appending(path: "../../Client/VoordrachtClient/VoordrachtClient.docc")

    /// The lines of all blocks of Swift in the guide, without their indentation, a block each.
    private static var blocks: [[String]] {
        get throws {
            try FileManager.default.contentsOfDirectory(at: guide, includingPropertiesForKeys: nil)
                .flatMap { page in
                    try String(contentsOf: page, encoding: .utf8).components(separatedBy: "```swift\n")
                        .dropFirst()
                        .compactMap { $0.components(separatedBy: "```").first }
                        .map(trimmed)
                }
        }
    }

    private static func trimmed(_ text: String) -> [String] {
        text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
    }

    @Test func whatItShowsIsCompiled() throws {
        let code = Self.trimmed(
            try String(contentsOf: Self.folder.appending(path: "Guide.swift"), encoding: .utf8))
        let blocks = try Self.blocks
        #expect(blocks.count >= 11)
        for block in blocks {
            let stands = code.indices.contains { code[$0...].starts(with: block) }
            #expect(stands, "not in Guide.swift: \(block.joined(separator: "\n"))")
        }
    }

    @Test func whatItShowsWorks() async throws {
        let association = try await Association()
        let link = try await association.link("Anna", roles: ["member"], organisation: "Welzijn Delft")
        let home = association.home("anna")
        #expect(Guide.failure(folder: home) != nil)
        try await Guide.enrol(link: link, folder: home)
        #expect(Guide.failure(folder: home) == nil)
        let anna = try Voordracht.open(at: home)
        let nomination = try await Guide.nominate(anna)
        try await Guide.edit(nomination, anna)
        #expect(
            try await anna.details(of: nomination)["motivation"]?.value?.text
                == "Delft begon vroeg. De wijkteams volgden.")
        #expect(try await Guide.open(folder: home).map(\.record) == [nomination])
        var shown = 0
        try await Guide.observe(anna) { nominations in
            shown = nominations.count
            return false
        }
        #expect(shown == 1)
        var printed: [String] = []
        let print = { (words: Any...) in printed.append(words.map { "\($0)" }.joined(separator: " ")) }
        try await Guide.exchange(anna, print)
        #expect(printed.isEmpty)
        try await Guide.status(anna, print)
        #expect(printed == ["0 0 up to date"])
        try await Guide.watch(anna)
        try await disagree(on: nomination, anna, in: association)
        try await Guide.settle(anna, print)
        #expect(printed.count == 3)
        #expect(try await anna.conflicts().conflicts.isEmpty)
        printed = []
        try await Guide.story(nomination, anna, print)
        #expect(printed.count == 4)
    }

    /// A colleague sets the relation that Anna sets otherwise.
    private func disagree(
        on nomination: RecordID, _ anna: Voordracht, in association: Association
    ) async throws {
        try await association.enrol("bert", roles: ["member"])
        try await association.run("bert", ["set", "Delft", "relation", "client"])
        try await association.run("bert", ["sync"])
        try await anna.set("relation", of: nomination, to: Relation.other.rawValue)
        try await anna.sync()
        #expect(try await anna.conflicts().conflicts.count == 1)
    }

    /// The edition is closed while an edit is on its way: the edit is refused, and goes out again later.
    @Test func whatItShowsOfTheTrayWorks() async throws {
        let association = try await Association()
        try await association.enrol("anna", roles: ["member"])
        try await association.run("sec", ["edition", "close", "2017"])
        try await association.run("sec", ["sync"])
        try await association.run("anna", ["nominate", "Delft"])
        try await association.run("anna", ["sync"])
        let anna = try Voordracht.open(at: association.home("anna"))
        #expect(try await anna.tray().items.count == 1)
        try await association.run("sec", ["edition", "open", "2017"])
        try await association.run("sec", ["sync"])
        try await anna.sync()
        var printed: [String] = []
        try await Guide.sendAgain(anna) { words in
            printed.append(words.map { "\($0)" }.joined(separator: " "))
        }
        #expect(printed.count == 1)
        let report = try await anna.sync()
        #expect(report.accepted == 1)
        #expect(try await anna.tray().items.isEmpty)
    }
}
