import Foundation

/// The numbered requirements of `Protocol/PROTOCOL.md`, and the tests that cite them.
extension TextRules {
    static let protocolDocument = "Protocol/PROTOCOL.md"

    /// Whether what a file says of a requirement counts: tests in Swift, their transcripts, and scripts; not
    /// the rules of the house, which test no protocol.
    static func mayCite(_ path: String) -> Bool {
        path.hasPrefix("Tests/") && !path.hasPrefix("Tests/HouseStyleTests/")
            && [".swift", ".sh", ".txt"].contains { path.hasSuffix($0) }
    }

    /// Requirements that no test cites, that are defined twice, or that are cited and not defined.
    static func requirements(in document: String, citedBy tests: [(path: String, text: String)]) -> [Finding]
    {
        let lines = document.split(separator: "\n", omittingEmptySubsequences: false)
        var defined: [Substring: Int] = [:]
        var findings: [Finding] = []
        for (number, line) in lines.enumerated() {
            guard let match = line.prefixMatch(of: #/- \*\*(P-[01]\d{2})\*\* /#) else { continue }
            if defined.updateValue(number + 1, forKey: match.1) != nil {
                findings.append(
                    Finding(
                        path: protocolDocument, line: number + 1, wrong: "\(match.1) is defined twice",
                        instead: "give a requirement a number of its own, that it keeps"))
            }
        }
        var cited: Set<Substring> = []
        for test in tests {
            let lines = test.text.split(separator: "\n", omittingEmptySubsequences: false)
            for (number, line) in lines.enumerated() {
                for match in line.matches(of: #/P-[01]\d{2}\b/#) {
                    cited.insert(match.0)
                    guard defined[match.0] == nil else { continue }
                    findings.append(
                        Finding(
                            path: test.path, line: number + 1, wrong: "\(match.0) is no requirement",
                            instead: "cite a number of \(protocolDocument)"))
                }
            }
        }
        for (requirement, line) in defined.sorted(by: { $0.key < $1.key }) where !cited.contains(requirement)
        {
            findings.append(
                Finding(
                    path: protocolDocument, line: line, wrong: "no test cites \(requirement)",
                    instead: "cite it where a test can fail for it, or write that test"))
        }
        return findings
    }
}
