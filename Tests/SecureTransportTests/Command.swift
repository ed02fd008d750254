import Foundation

/// A program of the system as an independent peer.
struct Command {
    let status: Int32
    let output: String
    let errors: String

    /// Runs `arguments[0]` to its end, with nothing to read.
    init(_ arguments: [String]) async throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let (stdout, stderr) = (Pipe(), Pipe())
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = stdout
        process.standardError = stderr
        let ended = AsyncStream<Void> { continuation in
            process.terminationHandler = { _ in continuation.finish() }
        }
        try process.run()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        let errors = try stderr.fileHandleForReading.readToEnd() ?? Data()
        for await _ in ended {}
        status = process.terminationStatus
        self.output = String(decoding: output, as: UTF8.self)
        self.errors = String(decoding: errors, as: UTF8.self)
    }

    /// Runs `arguments[0]` to its end, and says each text once the answer to the one before came.
    ///
    /// - Returns: everything that the program wrote.
    static func converse(
        _ arguments: [String], _ turns: [(say: String, answer: String)]
    ) async throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = arguments
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        process.standardError = stdout
        try process.run()
        defer { kill(process.processIdentifier, SIGKILL) }
        var output = ""
        for turn in turns {
            let start = output.endIndex
            try stdin.fileHandleForWriting.write(contentsOf: Data(turn.say.utf8))
            while !output[start...].contains(turn.answer) {
                let data = stdout.fileHandleForReading.availableData
                guard !data.isEmpty else { return output }
                output += String(decoding: data, as: UTF8.self)
            }
        }
        let rest = try stdout.fileHandleForReading.readToEnd() ?? Data()
        return output + String(decoding: rest, as: UTF8.self)
    }
}

/// A folder that goes with its owner.
final class TemporaryFolder {
    let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: "transport-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be deleted stays behind in the temporary folder; no test depends on it.
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file and gives its path.
    func write(_ name: String, _ text: String) throws -> String {
        let file = url.appending(path: name)
        try Data(text.utf8).write(to: file)
        return file.path
    }
}
