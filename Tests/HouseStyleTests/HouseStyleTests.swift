import Foundation
import Testing

/// The rules of the house, over the checkout that this test was compiled from.
@Suite struct HouseStyleTests {
    @Test(arguments: Rule.all)
    func everySwiftFileKeeps(rule: Rule) {
        #expect(Checkout.swiftFiles.count > 20, "the checkout was not found at \(Checkout.current.root.path)")
        for finding in Checkout.swiftFiles.flatMap(rule.check) {
            Issue.record("\(finding.description)")
        }
    }

    @Test func noTextNamesAPlaceOutsideTheProject() {
        for path in Checkout.current.paths {
            guard let text = Checkout.current.text(path) else { continue }
            for finding in TextRules.foreignPlaces(in: text, path: path) {
                Issue.record("\(finding.description)")
            }
        }
    }

    @Test func everyDocumentHasOneTitle() {
        for path in Checkout.current.paths where path.hasSuffix(".md") {
            guard let text = Checkout.current.text(path) else { continue }
            for finding in TextRules.headings(in: text, path: path) { Issue.record("\(finding.description)") }
        }
    }

    @Test func theManifestKeepsToTheArchitecture() throws {
        let manifest = try #require(Checkout.current.text("Package.swift"))
        let findings =
            TextRules.featureNames(in: manifest, path: "Package.swift")
            + TextRules.dependencies(in: manifest, path: "Package.swift")
        for finding in findings { Issue.record("\(finding.description)") }
    }

    @Test func everyRequirementOfTheProtocolIsCitedByATest() throws {
        let document = try #require(Checkout.current.text(TextRules.protocolDocument))
        let tests = Checkout.current.paths.filter(TextRules.mayCite).compactMap { path in
            Checkout.current.text(path).map { (path: path, text: $0) }
        }
        for finding in TextRules.requirements(in: document, citedBy: tests) {
            Issue.record("\(finding.description)")
        }
    }

    @Test func everyFaultThatOthersAreKnownForIsPlantedAndFound() throws {
        let document = try #require(Checkout.current.text(TextRules.regressionDocument))
        func texts(_ paths: [String]) -> [(path: String, text: String)] {
            paths.compactMap { path in Checkout.current.text(path).map { (path: path, text: $0) } }
        }
        let paths = Checkout.current.paths
        for finding in TextRules.regressions(
            in: document, tests: texts(paths.filter(TextRules.mayCite)),
            mutants: texts(paths.filter { $0.hasPrefix("Tests/mutants/") }))
        {
            Issue.record("\(finding.description)")
        }
    }

    @Test func reportsPublicDeclarationsWithoutADocComment() {
        let count = Checkout.swiftFiles.map { Rule.undocumented($0).count }.reduce(0, +)
        print("public declarations without a doc comment: \(count)")
    }
}
