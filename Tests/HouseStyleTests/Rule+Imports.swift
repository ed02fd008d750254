import Foundation

/// What each target may import, by folder: the table of the architecture.
enum ImportTable {
    /// Swift's own modules and the system's that only shells may use.
    static let system: Set<String> = [
        "Foundation", "FoundationEssentials", "Glibc", "Synchronization", "Dispatch",
    ]

    static let allowed: [String: Set<String>] = [
        "Sources/TextCRDT": ["CDeflate"],
        "Sources/ChangeLog": ["TextCRDT"],
        "Sources/Merging": ["ChangeLog", "TextCRDT"],
        "Sources/MunicipalRegister": [],
        "Sources/TransparencyLog": ["ChangeLog"],
        "Protocol/SyncProtocol": ["ChangeLog", "TransparencyLog"],
        "Sources/Nominations": [
            "ChangeLog", "Merging", "MunicipalRegister", "TextCRDT", "Foundation", "FoundationEssentials",
        ],
        "Sources/Cryptography": [
            "COpenSSL", "Glibc", "Synchronization", "Foundation", "FoundationEssentials",
        ],
        "Sources/SecureTransport": system.union(["COpenSSL", "Cryptography", "NIOCore"]),
        "Server/SyncServer": system.union([
            "ChangeLog", "TransparencyLog", "SyncProtocol", "Cryptography", "SecureTransport", "GRDB",
            "Hummingbird", "HummingbirdCore",
            "NIOCore", "NIOPosix", "NIOHTTP1", "HTTPTypes", "Logging", "CoreMetrics", "ServiceLifecycle",
        ]),
        "Client/OfflineReplica": system.union([
            "ChangeLog", "TransparencyLog", "TextCRDT", "Merging", "SyncProtocol", "Cryptography",
            "SecureTransport", "GRDB", "NIOCore",
            "NIOPosix", "NIOHTTP1",
        ]),
        "Client/VoordrachtClient": system.union([
            "ChangeLog", "TextCRDT", "Merging", "MunicipalRegister", "Nominations", "OfflineReplica",
        ]),
        "Sources/NominationsWeb": system.union([
            "VoordrachtClient", "Hummingbird", "HummingbirdCore", "NIOCore", "NIOPosix", "NIOHTTP1",
            "HTTPTypes",
            "Logging", "ServiceLifecycle",
        ]),
        "Sources/voordracht": system.union(["VoordrachtClient", "NominationsWeb", "ArgumentParser"]),
        "Sources/voordracht-server": system.union([
            "SyncServer", "Nominations", "ChangeLog", "Cryptography", "CMalloc", "ArgumentParser", "Logging",
            "ServiceLifecycle",
        ]),
    ]
}

extension Rule {
    static let imports = Rule(name: "imports go downwards") { file in
        guard file.isProduct else { return [] }
        guard let allowed = ImportTable.allowed[file.folder] else {
            return [
                Finding(
                    path: file.path, line: 1, wrong: "\(file.folder) is no target of the architecture",
                    instead: "add it to ImportTable with what it may import")
            ]
        }
        return file.code.enumerated().compactMap { number, line in
            guard let module = importedModule(line), !allowed.contains(module) else { return nil }
            return Finding(
                path: file.path, line: number + 1, wrong: "\(file.folder) may not import \(module)",
                instead: "allowed are \(allowed.sorted()); hand the value in, or move the code up")
        }
    }

    /// The module that a line imports; `import struct NIOCore.ByteBuffer` imports NIOCore.
    static func importedModule(_ line: Substring) -> String? {
        let words = SourceFile.words(line)
        guard let index = words.firstIndex(of: "import"),
            words[..<index].allSatisfy({ modifiers.contains($0) || $0.hasPrefix("@") })
        else { return nil }
        let kinds: Set<Substring> = [
            "struct", "class", "enum", "protocol", "func", "typealias", "var", "let",
        ]
        return words[(index + 1)...].first { !kinds.contains($0) }.map(String.init)
    }

    private static let modifiers: Set<Substring> = [
        "public", "package", "internal", "private", "fileprivate",
    ]
}
