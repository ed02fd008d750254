import Foundation

/// What all measurements are given.
struct Measures {
    /// The program `voordracht-server`.
    let server: String
    /// The folder of the baselines.
    let raw: String
    /// A folder that is theirs alone.
    let work: String
    /// How often each thing is measured, at least 5.
    let rounds: Int

    func path(_ name: String) -> String { work + "/" + name }

    func baseline(_ name: String, _ arguments: [String]) throws -> [String: Double] {
        try Child.run(raw + "/" + name, arguments)
    }

    /// Deletes a folder or a database with what SQLite puts beside it.
    func remove(_ path: String) throws {
        for name in [path, path + "-wal", path + "-shm"]
        where FileManager.default.fileExists(atPath: name) {
            try FileManager.default.removeItem(atPath: name)
        }
    }

    func copy(_ source: String, to target: String) throws {
        try remove(target)
        try FileManager.default.copyItem(atPath: source, toPath: target)
    }
}

/// A group of figures that are measured together.
enum Group: String {
    case edits, opening, pushes, bytes, handshakes, idle, flood
    /// Loads, which take minutes: measured only when they are named.
    case million, reconnection, partitions, segments

    static let usual: [Group] = [.edits, .opening, .pushes, .bytes, .handshakes, .idle, .flood]

    func figures(_ measures: Measures) async throws -> [Figure] {
        switch self {
        case .edits: try await measures.edits()
        case .opening: try await measures.downloadAndOpening()
        case .pushes: try await measures.pushes()
        case .bytes: try measures.bytes()
        case .handshakes: try measures.handshakes()
        case .idle: try await measures.idle()
        case .flood: try await measures.flood()
        case .million: try await measures.million()
        case .reconnection: try await measures.reconnection()
        case .partitions: try await measures.partitions()
        case .segments: try await measures.segments()
        }
    }
}

/// What runs in a process of its own.
enum Part: String {
    case edits, opening, download, handshakes

    func run(_ arguments: [String]) async throws {
        switch self {
        case .edits: try await Edits.run(arguments)
        case .opening: try await Opening.run(arguments)
        case .download: try await Download.run(arguments)
        case .handshakes: try Handshakes.run()
        }
    }
}
