// swift-tools-version: 6.2
// The folders are the architecture: every target is a leaf folder, and the lists of
// dependencies below are the whole of what may import what (see ARCHITECTURE.md).
import PackageDescription

/// Settings of every target; the names are checked by HouseStyleTests, since the compiler
/// accepts a misspelt feature in silence.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

extension Target.Dependency {
    static let grdb: Self = .product(name: "GRDB", package: "GRDB.swift")
    static let hummingbird: Self = .product(name: "Hummingbird", package: "hummingbird")
    static let hummingbirdCore: Self = .product(name: "HummingbirdCore", package: "hummingbird")
    static let nioCore: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioEmbedded: Self = .product(name: "NIOEmbedded", package: "swift-nio")
    static let httpTypes: Self = .product(name: "HTTPTypes", package: "swift-http-types")
    static let logging: Self = .product(name: "Logging", package: "swift-log")
    static let metrics: Self = .product(name: "CoreMetrics", package: "swift-metrics")
    static let lifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let arguments: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
}

func library(
    _ name: String, in folder: String, _ dependencies: [Target.Dependency] = [],
    exclude: [String] = []
) -> Target {
    .target(
        name: name, dependencies: dependencies, path: "\(folder)/\(name)", exclude: exclude,
        swiftSettings: settings)
}

func program(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .executableTarget(
        name: name, dependencies: dependencies, path: "Sources/\(name)", swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []) -> Target {
    .testTarget(
        name: name, dependencies: dependencies, path: "Tests/\(name)", exclude: exclude,
        swiftSettings: settings)
}

let package = Package(
    name: "voordracht",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "VoordrachtClient", targets: ["VoordrachtClient"]),
        .library(name: "VoordrachtServer", targets: ["SyncServer"]),
        .executable(name: "voordracht", targets: ["voordracht"]),
        .executable(name: "voordracht-server", targets: ["voordracht-server"]),
    ],
    dependencies: [
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-http-types", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // Pure: no Foundation, no I/O.
        .systemLibrary(
            name: "CDeflate", path: "Sources/CDeflate", pkgConfig: "libdeflate",
            providers: [.apt(["libdeflate-dev"])]),
        library("TextCRDT", in: "Sources", ["CDeflate"]),
        library("ChangeLog", in: "Sources", ["TextCRDT"]),
        library("Merging", in: "Sources", ["ChangeLog", "TextCRDT"]),
        library("MunicipalRegister", in: "Sources", exclude: ["Facts"]),
        library("TransparencyLog", in: "Sources", ["ChangeLog"]),
        library("SyncProtocol", in: "Protocol", ["ChangeLog", "TransparencyLog"]),

        // The domain.
        library(
            "Nominations", in: "Sources", ["ChangeLog", "Merging", "MunicipalRegister"], exclude: ["Facts"]),

        // Keys and sockets.
        .systemLibrary(
            name: "COpenSSL", path: "Sources/COpenSSL", pkgConfig: "openssl",
            providers: [.apt(["libssl-dev"])]),
        library("Cryptography", in: "Sources", ["COpenSSL"]),
        library("SecureTransport", in: "Sources", ["COpenSSL", "Cryptography", .nioCore]),

        // The two shells.
        library(
            "SyncServer", in: "Server",
            [
                "ChangeLog", "TransparencyLog", "SyncProtocol", "Cryptography", "SecureTransport", .grdb,
                .hummingbird, .hummingbirdCore, .nioCore, .nioPosix, .nioHTTP1, .httpTypes, .logging,
                .metrics, .lifecycle,
            ]),
        library(
            "OfflineReplica", in: "Client",
            [
                "ChangeLog", "TransparencyLog", "TextCRDT", "Merging", "SyncProtocol", "Cryptography",
                "SecureTransport", .grdb, .nioCore, .nioPosix, .nioHTTP1,
            ]),
        library(
            "VoordrachtClient", in: "Client",
            ["ChangeLog", "Merging", "MunicipalRegister", "Nominations", "OfflineReplica"]),

        // The programs.
        program("voordracht", ["VoordrachtClient", .arguments]),
        .systemLibrary(name: "CMalloc", path: "Sources/CMalloc"),
        program(
            "voordracht-server",
            [
                "SyncServer", "Nominations", "ChangeLog", "Cryptography", "CMalloc", .arguments, .logging,
                .lifecycle,
            ]),

        // One test target per target.
        tests("CryptographyTests", ["Cryptography"]),
        tests(
            "SecureTransportTests", ["SecureTransport", "Cryptography", .nioCore, .nioPosix, .nioEmbedded]),
        tests("TextCRDTTests", ["TextCRDT", "TextHistories"], exclude: ["Published"]),
        tests("ChangeLogTests", ["ChangeLog", "TextCRDT", "Cryptography"]),
        tests("TransparencyLogTests", ["TransparencyLog", "ChangeLog", "Cryptography"]),
        tests("MergingTests", ["Merging", "ChangeLog", "TextCRDT"]),
        tests("MunicipalRegisterTests", ["MunicipalRegister"]),
        tests("NominationsTests", ["Nominations", "ChangeLog", "Merging", "MunicipalRegister", "TextCRDT"]),
        tests(
            "SyncProtocolTests", ["SyncProtocol", "TransparencyLog", "ChangeLog", "TextCRDT"],
            exclude: ["Transcripts"]),
        tests(
            "SyncServerTests",
            [
                "SyncServer", "SyncProtocol", "TransparencyLog", "ChangeLog", "TextCRDT", "Cryptography",
                "SecureTransport",
                .grdb,
                .nioCore, .nioPosix, .nioHTTP1, .logging, .metrics, .lifecycle,
            ]),
        tests(
            "OfflineReplicaTests",
            [
                "OfflineReplica", "SyncProtocol", "TransparencyLog", "ChangeLog", "TextCRDT", "Merging",
                "Cryptography", .grdb,
            ]),
        tests("VectorTests", ["TransparencyLog", "SyncProtocol", "Merging", "ChangeLog", "Cryptography"]),
        tests("VoordrachtClientTests", ["VoordrachtClient", "OfflineReplica"]),
        tests(
            "EndToEndTests",
            [
                "SyncServer", "OfflineReplica", "VoordrachtClient", "Nominations", "Merging", "SyncProtocol",
                "TransparencyLog", "ChangeLog", "Cryptography", "MunicipalRegister",
                .grdb, .nioCore, .nioPosix, .logging,
            ]),
        // What the fuzzers of Tests/fuzz.sh ask of each decoder, replayed without them.
        tests(
            "Fuzzing",
            ["ChangeLog", "TextCRDT", "Merging", "SyncProtocol", "Cryptography", "Nominations"],
            exclude: ["Fuzzer", "corpus", "crashers"]),
        tests("HouseStyleTests", []),
        // Many replicas and a server on one thread, under all that can befall them.
        .target(
            name: "Simulation",
            dependencies: [
                "OfflineReplica", "SyncServer", "SyncProtocol", "TransparencyLog", "Merging", "ChangeLog",
                "TextCRDT",
                "Cryptography", .grdb, .logging,
            ],
            path: "Tests/Simulation", swiftSettings: settings),
        tests("SimulationTests", ["Simulation"]),
        .executableTarget(
            name: "simulate", dependencies: ["Simulation"], path: "Tests/Simulate", swiftSettings: settings),

        // Small histories of texts in great number, beside what the papers say.
        .target(
            name: "TextHistories", dependencies: ["TextCRDT", "CDeflate"], path: "Tests/TextHistories",
            swiftSettings: settings),
        .executableTarget(
            name: "histories", dependencies: ["TextHistories"], path: "Tests/Histories",
            swiftSettings: settings),

        // Measures, run by Tests/bench.sh; no product.
        .executableTarget(
            name: "SyncBenchmarks",
            dependencies: [
                "VoordrachtClient", "OfflineReplica", "SyncServer", "Nominations", "MunicipalRegister",
                "SyncProtocol", "ChangeLog", "Cryptography", "SecureTransport",
                .nioCore, .nioPosix, .nioHTTP1, .nioEmbedded, .logging,
            ],
            path: "Tests/Benchmarks", exclude: ["raw"], swiftSettings: settings),
        // Measures of the text engine, run beside its peers by Tests/bench-text.sh.
        .executableTarget(
            name: "TextBenchmarks", dependencies: ["TextCRDT", "CMalloc"], path: "Tests/TextBenchmarks",
            exclude: ["bench.py", "branches.py", "peers.py"], swiftSettings: settings),
    ]
)
