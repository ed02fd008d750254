import Foundation
import Testing
import VoordrachtClient

/// A server of its own on a free port of this machine, and the people of one association.
final class Association {
    private let scratch: Scratch
    private let administration: Program
    private let client: Program
    private let server: Process

    /// With an edition that is open, two criteria and one member organisation.
    init() async throws {
        scratch = try Scratch()
        administration = try Program("voordracht-server")
        client = try Program("voordracht")
        server = Process()
        try await administer(["init", "--address", "127.0.0.1:0", "--association", "Sociaal Werk"])
        try await serve()
        try await administer(["organisation", "add", "Welzijn Delft", "--kvk", "12345678"])
        try await administer(["organisation", "add", "Stichting Zuid"])
        try await enrol("sec", roles: ["secretariat"], organisation: nil)
        for arguments in [
            ["edition", "create", "2017", "--name", "Editie 2017", "--reference-date", "2017-01-01"],
            ["criterion", "add", "Preventie", "--edition", "2017"],
            ["criterion", "add", "Samenwerking", "--edition", "2017"], ["edition", "open", "2017"], ["sync"],
        ] { try await run("sec", arguments) }
    }

    deinit { if server.isRunning { server.terminate() } }

    /// Ends the server, and returns when it has ended.
    func stop() async {
        await withCheckedContinuation { continuation in
            server.terminationHandler = { _ in continuation.resume() }
            server.terminate()
        }
    }

    private func serve() async throws {
        let output = Pipe()
        server.executableURL = URL(fileURLWithPath: administration.path)
        server.arguments = ["serve", "--data", data]
        server.standardOutput = output
        server.standardError = FileHandle(forWritingAtPath: "/dev/null")
        try server.run()
        var lines = Lines(of: output.fileHandleForReading).stream.makeAsyncIterator()
        let line = try #require(await lines.next())
        try #require(line.hasPrefix("listening on https://127.0.0.1:"), "\(line)")
    }

    /// The lines that `sync --watch` prints until `goesOn` says no to the number of one; then it is asked
    /// to end, and must end with 0.
    func watching(
        _ who: String, _ goesOn: (Int) async throws -> Bool
    ) async throws -> [String] {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: client.path)
        process.arguments = ["sync", "--watch", "--json", "--home", home(who)]
        process.standardOutput = output
        try process.run()
        var lines: [String] = []
        for await line in Lines(of: output.fileHandleForReading).stream {
            lines.append(line)
            if try await !goesOn(lines.count - 1) { break }
        }
        process.terminate()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0 && process.terminationReason == .exit)
        return lines
    }

    private var data: String { scratch.path + "/server" }
    func home(_ who: String) -> String { scratch.path + "/" + who }

    @discardableResult
    func administer(_ arguments: [String]) async throws -> Program.Outcome {
        let outcome = try await administration.run(arguments + ["--data", data])
        try #require(outcome.status == 0, "\(arguments): \(outcome.errors)")
        return outcome
    }

    /// The link for a new person.
    func link(_ name: String, roles: [String], organisation: String?) async throws -> String {
        let place = organisation.map { ["--organisation", $0] } ?? []
        let outcome = try await administer(
            ["invite", "--name", name, "--json"] + place + roles.flatMap { ["--role", $0] })
        return try #require(try outcome.document()["link"] as? String)
    }

    func enrol(_ who: String, roles: [String], organisation: String? = "Welzijn Delft") async throws {
        let link = try await link(who, roles: roles, organisation: organisation)
        try await run(who, ["enrol", link, "--device", "\(who)-pc"])
        try await run(who, ["sync"])
    }

    /// Runs the client's program for somebody; it must end with this status.
    @discardableResult
    func run(
        _ who: String, _ arguments: [String], input: String = "", expecting status: Int32 = 0
    ) async throws -> Program.Outcome {
        let outcome = try await client.run(arguments + ["--home", home(who)], input: input)
        try #require(outcome.status == status, "\(who) \(arguments): \(outcome.output) \(outcome.errors)")
        return outcome
    }

    /// The document that a command prints.
    @discardableResult
    func document(_ who: String, _ arguments: [String], input: String = "") async throws -> [String: Any] {
        try await run(who, arguments + ["--json"], input: input).document()
    }

    func file(_ name: String, holding text: String) throws -> String {
        try scratch.file(name, holding: text)
    }
}
