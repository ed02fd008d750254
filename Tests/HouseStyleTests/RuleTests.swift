import Foundation
import Testing

/// Each rule on a snippet that keeps it and on one that breaks it.
@Suite struct RuleTests {
    private func lines(_ rule: Rule, _ path: String, _ text: String) -> [Int] {
        rule.check(SourceFile(path: path, text: text)).map(\.line)
    }

    @Test func importsGoDownwards() {
        let core = "Sources/ChangeLog/Change.swift"
        #expect(
            lines(.imports, core, "public import TextCRDT\n// import Foundation\nlet text = \"import GRDB\"")
                .isEmpty)
        #expect(
            lines(.imports, core, "import TextCRDT\nimport Merging\n@preconcurrency import struct GRDB.Row")
                == [2, 3])
        for pure in [
            "Sources/TextCRDT", "Sources/ChangeLog", "Sources/Merging", "Sources/MunicipalRegister",
            "Sources/TransparencyLog", "Protocol/SyncProtocol",
        ] {
            for module in ["Foundation", "FoundationEssentials", "Glibc"] {
                #expect(lines(.imports, "\(pure)/A.swift", "import \(module)") == [1])
            }
        }
        #expect(lines(.imports, "Sources/Unheard/A.swift", "") == [1])
    }

    @Test func onlyTheShellsImportDatabaseAndServer() {
        let allowed = ImportTable.allowed
        #expect(
            allowed.filter { $0.value.contains("GRDB") }.keys.sorted() == [
                "Client/OfflineReplica", "Server/SyncServer",
            ])
        #expect(
            allowed.filter { $0.value.contains("Hummingbird") }.keys.sorted()
                == ["Server/SyncServer", "Sources/NominationsWeb"])
        #expect(allowed["Server/SyncServer"]?.contains("Merging") == false)
    }

    @Test func filesAreShort() {
        let path = "Sources/ChangeLog/A.swift"
        let full = String(repeating: "let a = 1\n", count: Rule.longestFile)
        #expect(lines(.fileLength, path, full).isEmpty)
        #expect(lines(.fileLength, path, full + "let b = 1\n") == [601])
        #expect(lines(.fileLength, "Sources/MunicipalRegister/MunicipalFacts.swift", full + full).isEmpty)
    }

    @Test func functionsAreShort() {
        func function(_ count: Int) -> String {
            "struct A {\n    public static func f(\n        a: Int\n    ) -> Int {\n"
                + String(
                    repeating: "        // } \"{\n        let a = \"{ \\(b ? \"{\" : \"}\") {\"\n",
                    count: (count - 4) / 2)
                + "    }\n\n    func g() {}\n}\n"
        }
        #expect(lines(.functionLength, "Sources/ChangeLog/A.swift", function(70)).isEmpty)
        #expect(lines(.functionLength, "Sources/ChangeLog/A.swift", function(72)) == [2])
        let requirement =
            "protocol P {\n    func f()\n    init()\n}\n" + String(repeating: "let a = 1\n", count: 90)
        #expect(lines(.functionLength, "Sources/ChangeLog/A.swift", requirement + "func g() {}").isEmpty)
    }

    @Test func namesSayWhatAThingIs() {
        #expect(
            lines(
                .names, "Sources/ChangeLog/Change+Coding.swift", "struct CommonName {}\nenum Implication {}"
            ).isEmpty)
        #expect(lines(.names, "Sources/ChangeLog/Utils/A.swift", "") == [1])
        #expect(lines(.names, "Sources/ChangeLog/ChangeHelpers.swift", "") == [1])
        #expect(lines(.names, "Sources/ChangeLog/Change+Internal.swift", "") == [1])
        #expect(lines(.names, "Sources/ChangeLog/A.swift", "\npublic final class SyncManager {}") == [2])
        #expect(
            lines(.names, "Sources/ChangeLog/A.swift", "private enum Misc {\n}\ntypealias StoreImpl = Int")
                == [1, 3])
    }

    @Test func noTrapOnInput() {
        let path = "Sources/ChangeLog/A.swift"
        #expect(lines(.traps, path, "let a = try f() as? B // try! as! fatalError(\nlet alias! = 1").isEmpty)
        #expect(
            lines(.traps, path, "let a = try! f()\nlet b = c as! D\nfatalError(\"no\")").sorted() == [
                1, 2, 3,
            ])
        #expect(lines(.traps, "Tests/ChangeLogTests/A.swift", "let a = try! f()").isEmpty)
    }

    @Test func nothingIsLeftUndone() {
        #expect(lines(.unfinished, "Sources/ChangeLog/A.swift", "let mastodon = 1 // TODOS").isEmpty)
        #expect(lines(.unfinished, "Sources/ChangeLog/A.swift", "// TODO: more\n/// FIXME") == [1, 2])
    }

    @Test func timeAndRandomnessAreParameters() {
        let bad =
            "let a = Date()\nlet b = UUID()\nlet c = Int.random(in: 0..<2)\nlet d = ContinuousClock.now\nf(.now)"
        #expect(lines(.clocksAndRandomness, "Sources/Merging/A.swift", bad).sorted() == [1, 2, 3, 4, 5])
        #expect(lines(.clocksAndRandomness, "Client/OfflineReplica/A.swift", bad).isEmpty)
        #expect(
            lines(.clocksAndRandomness, "Sources/Merging/A.swift", "let a = CivilDate()\nlet b = clock.now")
                .isEmpty)
    }

    @Test func librariesDoNotPrint() {
        #expect(lines(.printing, "Sources/Merging/A.swift", "print(1)\ndebugPrint(2)") == [1, 2])
        #expect(
            lines(.printing, "Sources/Merging/A.swift", "fingerprint(1)\nfunc print(_ a: Int) {}").isEmpty)
        #expect(lines(.printing, "Sources/voordracht/A.swift", "print(1)").isEmpty)
    }

    @Test func publicTypesAreDocumented() {
        let path = "Sources/ChangeLog/A.swift"
        #expect(
            lines(.documentation, path, "/// A.\n@frozen\npublic struct A {}\nstruct B {}\npublic import C")
                .isEmpty)
        #expect(
            lines(.documentation, path, "/// A.\n\npublic struct A {}\n// B\npublic indirect enum B {}") == [
                3, 5,
            ])
        let file = SourceFile(path: path, text: "/// A.\npublic struct A {\n    public var a: Int\n}")
        #expect(Rule.undocumented(file) == [2])
    }

    @Test func placesOutsideTheProjectAreForeign() {
        for place in TextRules.foreignPlaces {
            let text = "one\nsee \(place)x\n"
            #expect(TextRules.foreignPlaces(in: text, path: "README.md").map(\.line) == [2])
        }
        #expect(TextRules.foreignPlaces(in: "a workshop of shared work\n", path: "README.md").isEmpty)
    }

    @Test func oneTitlePerDocument() {
        #expect(TextRules.headings(in: "# A\n## B\n```\n# comment\n```\n", path: "A.md").isEmpty)
        #expect(TextRules.headings(in: "# A\n# B\n", path: "A.md").map(\.line) == [2])
        #expect(TextRules.headings(in: "text\n", path: "A.md").map(\.line) == [1])
    }

    @Test func featuresMustExist() {
        let good = ".enableUpcomingFeature(\"ExistentialAny\"),\n.enableExperimentalFeature(\"Lifetimes\")"
        #expect(TextRules.featureNames(in: good, path: "Package.swift").isEmpty)
        let bad = "\n.enableUpcomingFeature(\"ExistentialAnny\")"
        #expect(TextRules.featureNames(in: bad, path: "Package.swift").map(\.line) == [2])
    }

    @Test func manifestsMayNotReachUp() {
        let head = "static let grdb: Self = .product(name: \"GRDB\", package: \"GRDB.swift\")\n"
        let excluding = "library(\"MunicipalRegister\", in: \"Sources\", exclude: [\"Facts\"]),"
        #expect(TextRules.dependencies(in: excluding, path: "Package.swift").isEmpty)
        let good = head + "library(\"Merging\", in: \"Sources\", [\"ChangeLog\", \"TextCRDT\"]),"
        #expect(TextRules.dependencies(in: good, path: "Package.swift").isEmpty)
        let bad =
            head
            + "library(\n    \"Merging\", in: \"Sources\",\n    [\"ChangeLog\", .grdb, \"Nominations\"]),"
        let findings = TextRules.dependencies(in: bad, path: "Package.swift")
        #expect(findings.map(\.line) == [2, 2])
        #expect(findings.map(\.wrong) == ["Merging depends on GRDB", "Merging depends on Nominations"])
    }

    @Test func aFindingSaysWhereWhatAndInstead() throws {
        let finding = try #require(
            Rule.imports.check(SourceFile(path: "Sources/TextCRDT/A.swift", text: "\nimport GRDB")).first)
        #expect(
            finding.description.hasPrefix(
                "Sources/TextCRDT/A.swift:2: Sources/TextCRDT may not import GRDB; "))
    }

    @Test func literalsAndCommentsAreNotCode() {
        let text = """
            let a = "x \\(f("{", #"\\("#)) y" /* { /* { */ */ + b
            let c = \"""
              { "quoted" \\(d) {
              \"""
            let e = #"raw \\" {"# // {
            """
        let code = SourceFile(path: "A.swift", text: text).code.joined(separator: "\n")
        #expect(!code.contains("{") && !code.contains("quoted") && !code.contains("raw"))
        #expect(code.contains("+ b") && code.contains("let c =") && code.contains("let e ="))
    }

    @Test func faultsAreTestedAndPlanted() {
        func wrong(_ test: String, _ mutant: String) -> [String] {
            TextRules.regressions(
                in: "| | fault |\n| 1 | one |\n| 2 | two |", tests: [(path: "Tests/A.swift", text: test)],
                mutants: [(path: "Tests/mutants/a.patch", text: mutant)]
            ).map(\.wrong).sorted()
        }
        #expect(wrong("/// Regression 1. Regression 2", "(regression 1)\n(regression 2).").isEmpty)
        #expect(wrong("/// Regression 1.", "(regression 1)\n(regression 2)") == ["regression 2 is not shown"])
        #expect(wrong("/// Regression 1. Regression 2", "(regression 2)") == ["regression 1 is not shown"])
        #expect(
            wrong("/// Regression 1. Regression 2. Regression 3", "(regression 1) (regression 2)")
                == ["regression 3 is not listed"])
    }

    @Test func requirementsAreCitedAndCitationsExist() {
        func wrong(_ document: String, _ test: String) -> [String] {
            TextRules.requirements(in: document, citedBy: [(path: "Tests/A.swift", text: test)]).map(\.wrong)
        }
        let document = "- **P-001** One.\n- **P-002** Two, see P-009.\n"
        #expect(wrong(document, "// P-001, P-002").isEmpty)
        #expect(wrong(document, "/// P-002: two") == ["no test cites P-001"])
        #expect(wrong(document, "// P-001\n// P-002\n// P-003") == ["P-003 is no requirement"])
        #expect(wrong(document + "- **P-001** Again.", "// P-001 P-002") == ["P-001 is defined twice"])
        #expect(wrong(document, "// P-0011 P-002") == ["no test cites P-001"])
        #expect(wrong(document, "// P-001 P-002 on the curve P-384").isEmpty)
        #expect(!TextRules.mayCite("Tests/HouseStyleTests/RuleTests.swift"))
        #expect(
            !TextRules.mayCite("Sources/A.swift") && !TextRules.mayCite("Tests/PythonClient/replica/fold.py"))
        #expect(TextRules.mayCite("Tests/PythonClient/run.sh"))
    }
}
