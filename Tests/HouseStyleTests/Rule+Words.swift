import Foundation

extension Rule {
    /// Names that say nothing about what lies inside.
    static let emptyNames: Set<String> = [
        "Utils", "Util", "Utilities", "Utility", "Helpers", "Helper", "Internal", "Support", "Manager",
        "Impl", "Misc",
        "Common",
    ]

    static let names = Rule(name: "names say what a thing is") { file in
        func finding(_ line: Int, _ name: Substring) -> Finding {
            Finding(
                path: file.path, line: line, wrong: "the name \(name) says nothing",
                instead: "name it after the one thing it is or does")
        }
        let parts = file.path.dropLast(".swift".count).split { $0 == "/" || $0 == "+" }
        var findings = parts.filter(isEmptyName).map { finding(1, $0) }
        for (number, line) in file.code.enumerated() {
            guard let name = declaredType(line)?.name, isEmptyName(name) else { continue }
            findings.append(finding(number + 1, name))
        }
        return findings
    }

    /// Whether the last word of a name, in CamelCase, is one of the empty ones.
    private static func isEmptyName(_ name: Substring) -> Bool {
        guard let start = name.lastIndex(where: \.isUppercase) else {
            return emptyNames.contains(name.capitalized)
        }
        return emptyNames.contains(String(name[start...]))
    }

    static let traps = Rule(name: "no trap on input") { file in
        banned(
            file, ["try!", "as!", "fatalError("],
            instead: "throw the module's error, or use preconditionFailure for our own mistake and say why")
    }

    static let unfinished = Rule(name: "nothing is left undone in the sources") { file in
        guard file.isProduct else { return [] }
        return file.lines.enumerated().compactMap { number, line in
            guard let word = ["TODO", "FIXME", "XXX"].first(where: { SourceFile.contains(line, token: $0) })
            else { return nil }
            return Finding(
                path: file.path, line: number + 1, wrong: "\(word) in the sources",
                instead: "do it, or say as a fact what is left out and why")
        }
    }

    /// Where clocks and randomness may be read: the shells, and keys.
    static let shells: Set<String> = [
        "Sources/voordracht", "Sources/voordracht-server", "Sources/NominationsWeb", "Server/SyncServer",
        "Client/OfflineReplica", "Sources/SecureTransport", "Sources/Cryptography",
    ]

    static let clocksAndRandomness = Rule(name: "time and randomness are parameters") { file in
        guard !shells.contains(file.folder) else { return [] }
        return banned(
            file,
            [
                "Date()", "Date.now", "UUID()", ".random(", ".randomElement(", ".shuffled()",
                "SystemRandomNumberGenerator", "ContinuousClock()", "ContinuousClock.now",
                "SuspendingClock()",
                "SuspendingClock.now", "= .now", "(.now", ": .now",
            ],
            instead: "take the moment, the identifier or the generator as a parameter")
    }

    static let printing = Rule(name: "libraries do not print") { file in
        guard !["Sources/voordracht", "Sources/voordracht-server"].contains(file.folder) else { return [] }
        // A parameter or function of that name, as for "print a certificate into this buffer", is its own.
        let ownPrint = file.code.contains { $0.contains("func print(") || $0.contains(" print:") }
        return banned(
            file, ownPrint ? ["debugPrint(", "dump("] : ["print(", "debugPrint(", "dump("],
            instead: "return the text, or log it in the shell")
    }

    /// One finding per line of product code that holds a banned token.
    private static func banned(_ file: SourceFile, _ tokens: [String], instead: String) -> [Finding] {
        guard file.isProduct else { return [] }
        return tokens.flatMap { token in
            file.occurrences(of: token).map {
                Finding(path: file.path, line: $0 + 1, wrong: "\(token) is banned here", instead: instead)
            }
        }
    }
}
