import Foundation
import Testing

/// One of the two programs as it was built, beside this test bundle.
struct Program {
    let path: String

    init(_ name: String) throws {
        let bundle = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        path = URL(fileURLWithPath: bundle).deletingLastPathComponent().appendingPathComponent(name).path
    }

    /// Any program of the machine.
    init(at path: String) { self.path = path }

    /// What a run of it left.
    struct Outcome {
        let status: Int32
        let output: String
        let errors: String

        /// The document on standard output.
        func document() throws -> [String: Any] { try Self.read(output) }
        /// The document on standard error.
        func errorDocument() throws -> [String: Any] {
            try #require(try Self.read(errors)["error"] as? [String: Any], "\(errors)")
        }

        private static func read(_ text: String) throws -> [String: Any] {
            try #require(
                try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any], "\(text)")
        }
    }

    /// Runs it to its end; output goes through files, so that no pipe can fill up.
    func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> Outcome {
        let folder = try Scratch()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ["LANG": "C.UTF-8", "HOME": folder.path]
            .merging(environment) { $1 }
        process.standardInput = try folder.handle("in", holding: input)
        process.standardOutput = try folder.handle("out", holding: "")
        process.standardError = try folder.handle("err", holding: "")
        let status = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        return Outcome(status: status, output: try folder.text("out"), errors: try folder.text("err"))
    }
}

/// A folder that goes with its owner.
final class Scratch: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("voordracht-\(UUID())").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed is the system's to clean up.
        try? FileManager.default.removeItem(atPath: path)
    }

    func file(_ name: String, holding text: String) throws -> String {
        let file = path + "/" + name
        try Data(text.utf8).write(to: URL(fileURLWithPath: file))
        return file
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    func handle(_ name: String, holding text: String) throws -> FileHandle {
        try FileHandle(forUpdating: URL(fileURLWithPath: try file(name, holding: text)))
    }
}
