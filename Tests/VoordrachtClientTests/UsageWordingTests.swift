import Foundation
import Testing
import VoordrachtClient

/// Wrong use is told in Dutch as well.
@Suite struct UsageWordingTests {
    /// Each kind of sentence of the argument parser, by arguments that bring it about.
    @Test(arguments: [
        ["show", "--feld", "x"], ["show", "x", "--jso"], ["nominate"], ["set", "a"], ["show", "x", "--home"],
        ["show", "x", "y"], ["show", "x", "y", "z"], ["show", "x", "--json=1"],
        ["list", "nomination", "--limit", "veel"], ["show", "x", "--language", "de"],
        ["annotate", "Delft"], ["resolve", "x"], ["sync", "--watch", "--dry-run"],
        ["tray", "edit", "1", "title"],
    ])
    func everySentenceHasDutch(_ arguments: [String]) async throws {
        let program = try Program("voordracht")
        let english = try await program.run(arguments)
        let dutch = try await program.run(arguments, environment: ["LANG": "nl_NL.UTF-8"])
        #expect(english.status == 2 && dutch.status == 2)
        let sentences = [english, dutch].map { $0.errors.split(separator: ";").first ?? "" }
        #expect(sentences[0] != sentences[1], "\(english.errors)")
        #expect(!sentences[1].contains("{}"))
    }

    @Test func whatTheSentenceSpeaksOfIsKept() {
        #expect(
            UsageWording.dutch("Unknown option '--jso'. Did you mean '--json'?")
                == "De optie '--jso' bestaat niet. Bedoelt u '--json'?")
        #expect(
            UsageWording.dutch("The value 'a; b' is invalid for '--limit <limit>'")
                == "De waarde 'a; b' past niet bij '--limit <limit>'")
        #expect(UsageWording.dutch("Something new.") == "Something new.")
    }

    /// The sentences that the programs write themselves.
    @Test func everySentenceOfTheProgramsHasDutch() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        var found = 0
        for folder in ["Sources/voordracht", "Sources/voordracht-server"] {
            let place = root.appendingPathComponent(folder).resolvingSymlinksInPath()
            for name in try FileManager.default.subpathsOfDirectory(atPath: place.path) {
                guard name.hasSuffix(".swift") else { continue }
                let text = try String(contentsOf: place.appendingPathComponent(name), encoding: .utf8)
                for match in text.matches(of: /ValidationError\(\s*"([^"]*)"/) {
                    found += 1
                    let sentence = String(match.1)
                    #expect(UsageWording.dutch(sentence) != sentence, "no Dutch for “\(sentence)”")
                }
            }
        }
        #expect(found >= 12)
    }
}
