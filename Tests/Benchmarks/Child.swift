import Foundation

/// A measurement in a process of its own: it prints lines of a name and a number.
enum Child {
    /// Runs a program to its end and returns what it printed, by name.
    static func run(_ program: String, _ arguments: [String]) throws -> [String: Double] {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(program) \(arguments) ended with \(process.terminationStatus)")
        }
        var values: [String: Double] = [:]
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, let value = Double(words[1]) { values[String(words[0])] = value }
        }
        return values
    }

    /// Runs this program again, as one of its parts.
    static func part(_ part: Part, _ arguments: [String]) throws -> [String: Double] {
        try run(CommandLine.arguments[0], ["--part", part.rawValue] + arguments)
    }

    /// A value that must be there.
    static func value(_ name: String, in values: [String: Double]) throws -> Double {
        guard let value = values[name] else { throw BenchmarkError("\(name) was not printed") }
        return value
    }
}

/// The server as a process of its own, on a free port of loopback.
final class ServerProcess {
    private let process = Process()
    let port: Int

    /// - Parameter program: `voordracht-server`.
    init(_ program: String, data folder: String) throws {
        process.executableURL = URL(filePath: program)
        process.arguments = ["serve", "--data", folder, "--listen", "127.0.0.1:0"]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        var line = ""
        while !line.hasSuffix("\n") {
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { throw BenchmarkError("the server ended at once") }
            line += String(decoding: more, as: UTF8.self)
        }
        guard let text = line.split(separator: ":").last?.filter(\.isNumber), let port = Int(text) else {
            throw BenchmarkError("the server does not tell its port: \(line)")
        }
        self.port = port
    }

    var identifier: Int32 { process.processIdentifier }

    func stop() {
        process.terminate()
        process.waitUntilExit()
    }
}
