import Foundation

/// Measures how fast and how large the engine is, beside plain C programs on the same libraries.
///
///     SyncBenchmarks SERVER RAW WORK OUT [GROUP…]
///
/// SERVER is the program voordracht-server, RAW the folder of the baselines, WORK a folder to work in; the
/// table goes to standard output, and one line of JSON for each figure to the file OUT.
@main enum SyncBenchmarks {
    static func main() async {
        do { try await run() } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            exit(1)
        }
    }

    private static func run() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.count >= 2, arguments[0] == "--part", let part = Part(rawValue: arguments[1]) {
            return try await part.run(Array(arguments.dropFirst(2)))
        }
        guard arguments.count >= 4 else {
            throw BenchmarkError("use: SyncBenchmarks SERVER RAW WORK OUT [GROUP…]")
        }
        let measures = Measures(server: arguments[0], raw: arguments[1], work: arguments[2], rounds: 5)
        let groups = try arguments.dropFirst(4).map { name in
            guard let group = Group(rawValue: name) else { throw BenchmarkError("no group \(name)") }
            return group
        }
        try measures.remove(measures.work)
        try FileManager.default.createDirectory(atPath: measures.work, withIntermediateDirectories: true)
        var lines = ""
        show(Figure.heading)
        for group in groups.isEmpty ? Group.usual : groups {
            for figure in try await group.figures(measures) {
                show(figure.row)
                lines += try figure.json() + "\n"
            }
        }
        try lines.write(to: URL(filePath: arguments[3]), atomically: true, encoding: .utf8)
        try measures.remove(measures.work)
    }

    /// Not by `print`: the table is read while it grows.
    private static func show(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }
}
