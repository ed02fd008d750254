import Foundation

/// Rules over texts that are not Swift, or over every text.
enum TextRules {
    /// Places outside the project, which no reader of it has. Joined here, so that this file does not name them.
    static let foreignPlaces: [String] = [
        ["..", "shared"], ["", "work", ""], ["", "tmp", "bash_jobs"], ["", "tmp", "mini-"],
        ["", "tmp", "brief"],
    ].map { $0.joined(separator: "/") }

    static func foreignPlaces(in text: String, path: String) -> [Finding] {
        guard foreignPlaces.contains(where: { text.contains($0) }) else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            number, line in
            guard let place = foreignPlaces.first(where: { line.contains($0) }) else { return nil }
            return Finding(
                path: path, line: number + 1, wrong: "\(place) is a place outside the project",
                instead: "name the thing itself, or a path within the project")
        }
    }

    static func headings(in text: String, path: String) -> [Finding] {
        var fenced = false
        var titles: [Int] = []
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            if line.hasPrefix("```") || line.hasPrefix("~~~") { fenced.toggle() }
            if !fenced, line.hasPrefix("# ") { titles.append(number + 1) }
        }
        guard titles.count != 1 else { return [] }
        return [
            Finding(
                path: path, line: titles.dropFirst().first ?? 1, wrong: "\(titles.count) headings of level 1",
                instead: "give a document one title, and sections level 2")
        ]
    }

    /// Features that the compiler knows (`swiftc -print-supported-features`, 6.3); a misspelt one is accepted in
    /// silence.
    static let features: Set<String> = [
        "ExistentialAny", "InternalImportsByDefault", "MemberImportVisibility", "InferIsolatedConformances",
        "NonisolatedNonsendingByDefault", "ImmutableWeakCaptures", "Lifetimes", "SuppressedAssociatedTypes",
        "StrictMemorySafety",
    ]

    static func featureNames(in manifest: String, path: String) -> [Finding] {
        manifest.split(separator: "\n", omittingEmptySubsequences: false).enumerated().flatMap {
            number, line in
            line.matches(of: #/enable(?:Upcoming|Experimental)Feature\(.(\w+).\)/#).compactMap { match in
                let name = String(match.1)
                guard !features.contains(name) else { return nil }
                return Finding(
                    path: path, line: number + 1, wrong: "the compiler knows no feature \(name)",
                    instead:
                        "spell it as swiftc -print-supported-features does, and add it to TextRules.features")
            }
        }
    }

    /// Dependencies of the manifest's targets that the table of imports does not allow.
    static func dependencies(in manifest: String, path: String) -> [Finding] {
        var products: [String: String] = [:]
        for match in manifest.matches(of: #/static let (\w+): Self = \.product\(name: .(\w+)./#) {
            products[".\(match.1)"] = String(match.2)
        }
        var findings: [Finding] = []
        for match in manifest.matches(
            of: #/(?:library|program)\(\s*.([\w-]+).,(?:\s*in: \S+,)?\s*\[([^\]]*)\]/#)
        {
            let target = String(match.1)
            guard let allowed = ImportTable.allowed.first(where: { $0.key.hasSuffix("/\(target)") })?.value
            else {
                continue
            }
            let line = manifest[..<match.range.lowerBound].count { $0 == "\n" } + 1
            for part in match.2.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
                let name = products[String(part)] ?? part.filter { $0 != "\"" }
                guard !allowed.contains(name) else { continue }
                findings.append(
                    Finding(
                        path: path, line: line, wrong: "\(target) depends on \(name)",
                        instead: "drop it, or change ImportTable together with the architecture"))
            }
        }
        return findings
    }
}
