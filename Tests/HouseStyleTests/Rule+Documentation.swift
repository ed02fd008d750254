import Foundation

extension Rule {
    static let documentation = Rule(name: "public types are documented") { file in
        undocumented(file).compactMap { line in
            // A typealias mostly answers a protocol's demand, and its name says which.
            guard let type = declaredType(file.code[line]), type.kind != "typealias" else { return nil }
            return Finding(
                path: file.path, line: line + 1, wrong: "public \(type.kind) \(type.name) has no doc comment",
                instead: "say in one sentence what it is, then what it guarantees")
        }
    }

    /// Lines that declare something public with no doc comment above.
    static func undocumented(_ file: SourceFile) -> [Int] {
        guard file.isProduct else { return [] }
        return file.code.indices.filter { line in
            let words = SourceFile.words(file.code[line]).drop { $0.hasPrefix("@") }
            guard words.first == "public", importedModule(file.code[line]) == nil else { return false }
            var above = line - 1
            while above >= 0, file.code[above].drop(while: { $0 == " " }).hasPrefix("@") { above -= 1 }
            guard above >= 0 else { return true }
            let text = file.lines[above].drop { $0 == " " }
            return !text.hasPrefix("///") && !text.hasSuffix("*/")
        }
    }

    /// The type that a line declares.
    static func declaredType(_ line: Substring) -> (kind: Substring, name: Substring)? {
        let kinds: Set<Substring> = ["struct", "class", "enum", "actor", "protocol", "typealias"]
        let modifiers: Set<Substring> = [
            "public", "package", "internal", "private", "fileprivate", "open", "final", "indirect",
            "nonisolated",
            "unchecked", "Sendable",
        ]
        let words = SourceFile.words(line)
        for (index, word) in words.enumerated() {
            if kinds.contains(word) {
                guard index + 1 < words.count, words[index + 1] != "func", words[index + 1] != "var" else {
                    return nil
                }
                return (word, words[index + 1])
            }
            guard modifiers.contains(word) || word.hasPrefix("@") else { return nil }
        }
        return nil
    }
}
