import Foundation

/// The codes of all reasons that reach a person, as the sources of the programs spell them.
enum ReasonCodes {
    /// In rising order.
    static func all() throws -> [String] {
        var codes: Set<String> = []
        // Written out where the reason is given, or as the raw value of a case.
        for folder in ["Server", "Client/OfflineReplica", "Protocol", "Sources/Nominations/Messages"] {
            for file in try files(in: folder) where !file.path.hasSuffix("AdministrationFailure.swift") {
                let text = try String(contentsOf: file, encoding: .utf8)
                let found = text.matches(of: /(?:code: |case \w+ = )"([a-z]+\.\w+)"/)
                codes.formUnion(found.map { String($0.1) })
            }
        }
        for (path, prefixes) in [
            ("Server/SyncServer/ServerError.swift", ["server"]),
            ("Sources/SecureTransport/TransportError.swift", ["transport"]),
            ("Sources/Cryptography/CryptographyError.swift", ["cryptography", "key"]),
        ] {
            for name in try cases(of: path) { codes.formUnion(prefixes.map { "\($0).\(name)" }) }
        }
        return (codes.union(try ofRequests())).sorted()
    }

    /// Those of a server's failures that it answers requests with; administrators are told of the others.
    private static func ofRequests() throws -> [String] {
        let sources = try files(in: "Server/SyncServer/HTTP")
            .map { try String(contentsOf: $0, encoding: .utf8) }.joined()
        let failures = try text(of: "Server/SyncServer/Administration/AdministrationFailure.swift")
        return failures.matches(of: /case (\w+) = "([a-z]+\.\w+)"/).compactMap { match in
            let isOfStart = ["listening", "portTaken", "portForbidden"].contains(match.1)
            return sources.contains(".\(match.1)") && !isOfStart ? String(match.2) : nil
        }
    }

    /// The cases without a raw value in the codes of an error.
    private static func cases(of path: String) throws -> [String] {
        let body = try text(of: path).split(separator: "enum Code", maxSplits: 1).last ?? ""
        return body.prefix { $0 != "}" }.matches(of: /case (\w+)\n/).map { String($0.1) }
    }

    /// The raw values of all enumerations of strings in these files.
    static func rawValues(in paths: [String]) throws -> [String] {
        try paths.flatMap { path in
            try text(of: path).matches(of: /enum \w+: String[^}]*}/).flatMap { body in
                body.0.matches(of: /\n +case ([^\n]*)/).flatMap { line in
                    line.1.split(separator: ", ").map { name in
                        let parts = name.split(separator: "\"")
                        return String(parts.count > 1 ? parts[1] : parts[0])
                    }
                }
            }
        }
    }

    /// The keys of the Dutch table in this file.
    static func keys(ofTableIn path: String) throws -> Set<String> {
        let table = try text(of: path).split(separator: "let dutch", maxSplits: 1).last ?? ""
        return Set(table.matches(of: /"([\w-]+)": "/).map { String($0.1) })
    }

    private static func text(of path: String) throws -> String {
        try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
    }

    private static func files(in folder: String) throws -> [URL] {
        let place = root.appendingPathComponent(folder).resolvingSymlinksInPath()
        let names = try FileManager.default.subpathsOfDirectory(atPath: place.path)
        return names.filter { $0.hasSuffix(".swift") }.map { place.appendingPathComponent($0) }
    }

    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
}
