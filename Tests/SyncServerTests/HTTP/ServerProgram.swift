import Dispatch
import Foundation
import Testing

/// The built program `voordracht-server`, run as its users and scripts run it.
enum ServerProgram {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String

        /// The document on standard output, or else on standard error.
        func document() throws -> [String: Any] {
            let text = output.isEmpty ? errors : output
            let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
            return try #require(object as? [String: Any])
        }

        /// The code of the error on standard error.
        func code() throws -> String? { (try document()["error"] as? [String: Any])?["code"] as? String }
    }

    /// It stands beside the tests.
    private static func program() throws -> URL {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
        return tests.appendingPathComponent("voordracht-server")
    }

    /// Runs one command to its end.
    static func run(_ arguments: String..., language: String = "C") async throws -> Result {
        let process = try start(arguments, language)
        return await process.end()
    }

    /// Starts a command that goes on.
    static func start(_ arguments: [String], _ language: String = "C") throws -> Running {
        let process = Process()
        process.executableURL = try program()
        process.arguments = arguments
        process.environment = ["LANG": language, "HOME": NSTemporaryDirectory()]
        return try Running(process)
    }

    /// A command that runs.
    final class Running: Sendable {
        private let process: UnsafeProcess
        private let output: AsyncStream<String>
        private let errors: AsyncStream<String>

        /// `Process` may be asked from any thread, though its type does not say so.
        private struct UnsafeProcess: @unchecked Sendable { let process: Process }

        init(_ process: Process) throws {
            output = Self.lines(of: process) { process.standardOutput = $0 }
            errors = Self.lines(of: process) { process.standardError = $0 }
            try process.run()
            self.process = UnsafeProcess(process: process)
        }

        /// A test that failed leaves no server behind.
        deinit { if process.process.isRunning { process.process.terminate() } }

        private static func lines(of process: Process, _ attach: (Pipe) -> Void) -> AsyncStream<String> {
            let pipe = Pipe()
            attach(pipe)
            let handle = pipe.fileHandleForReading
            let (stream, continuation) = AsyncStream<String>.makeStream()
            // Reading blocks, so it has a thread of its own.
            Thread.detachNewThread {
                var rest = Data()
                while true {
                    let more = handle.availableData
                    if more.isEmpty { break }
                    rest += more
                    while let end = rest.firstIndex(of: 0x0a) {
                        continuation.yield(String(decoding: rest[..<end], as: UTF8.self))
                        rest = Data(rest[(end + 1)...])
                    }
                }
                if !rest.isEmpty { continuation.yield(String(decoding: rest, as: UTF8.self)) }
                continuation.finish()
            }
            return stream
        }

        /// The next line on standard output.
        func line() async -> String? {
            var iterator = output.makeAsyncIterator()
            return await iterator.next()
        }

        /// Its number among the processes of this machine.
        var number: Int32 { process.process.processIdentifier }

        func terminate() { process.process.terminate() }

        /// Waits for its end; gives what was not read yet.
        func end() async -> Result {
            var texts: [String] = []
            for stream in [output, errors] {
                var text: [String] = []
                for await line in stream { text.append(line) }
                texts.append(text.joined(separator: "\n"))
            }
            let process = process
            let status = await withCheckedContinuation { continuation in
                DispatchQueue.global().async {
                    process.process.waitUntilExit()
                    continuation.resume(returning: process.process.terminationStatus)
                }
            }
            return Result(status: status, output: texts[0], errors: texts[1])
        }
    }
}
