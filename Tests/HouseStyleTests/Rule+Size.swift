import Foundation

extension Rule {
    /// The most lines of a file, and of a function from its first line to its closing brace.
    static let longestFile = 600
    static let longestFunction = 70

    /// Generated files, which nobody reads as code.
    static let generated: Set<String> = ["Sources/MunicipalRegister/MunicipalFacts.swift"]

    static let fileLength = Rule(name: "files are short") { file in
        let count = file.lines.last?.isEmpty == true ? file.lines.count - 1 : file.lines.count
        guard count > longestFile, !generated.contains(file.path) else { return [] }
        return [
            Finding(
                path: file.path, line: longestFile + 1, wrong: "\(count) lines, more than \(longestFile)",
                instead: "split it by noun, or by aspect as Type+Aspect.swift")
        ]
    }

    static let functionLength = Rule(name: "functions are short") { file in
        functions(file).compactMap { name, first, last in
            let count = last - first + 1
            guard count > longestFunction else { return nil }
            return Finding(
                path: file.path, line: first + 1,
                wrong: "\(name) has \(count) lines, more than \(longestFunction)",
                instead: "give its steps names of their own")
        }
    }

    /// The functions and initialisers with a body, and their first and last line; a crude count of braces.
    static func functions(_ file: SourceFile) -> [(name: String, first: Int, last: Int)] {
        file.code.indices.compactMap { first in
            guard let name = declaredFunction(file.code[first]) else { return nil }
            var depth = 0
            var opened = false
            for line in first..<file.code.count {
                // A requirement of a protocol has no body: the next declaration or a closing brace comes first.
                if !opened, line > first, declaredFunction(file.code[line]) != nil { return nil }
                for byte in file.code[line].utf8 {
                    if byte == UInt8(ascii: "{") {
                        depth += 1
                        opened = true
                    } else if byte == UInt8(ascii: "}") {
                        depth -= 1
                        if depth <= 0 { return opened ? (name, first, line) : nil }
                    }
                }
            }
            return nil
        }
    }

    private static func declaredFunction(_ line: Substring) -> String? {
        let words = SourceFile.words(line)
        for (index, word) in words.enumerated().prefix(8) {
            if word == "func" { return index + 1 < words.count ? String(words[index + 1]) : "an operator" }
            if word == "init" || word == "deinit" || word == "subscript" {
                let trimmed = line.drop { $0 == " " }
                return trimmed.hasPrefix("self.") || trimmed.hasPrefix("super.") ? nil : String(word)
            }
            guard declarationModifiers.contains(word) || word.hasPrefix("@") else { return nil }
        }
        return nil
    }

    private static let declarationModifiers: Set<Substring> = [
        "public", "package", "internal", "private", "fileprivate", "open", "static", "class", "mutating",
        "nonmutating", "consuming", "borrowing", "override", "final", "required", "convenience",
        "nonisolated",
        "isolated", "async", "prefix", "postfix", "infix", "rethrows", "discardableResult",
    ]
}
