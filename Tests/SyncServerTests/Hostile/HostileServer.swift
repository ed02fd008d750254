import ChangeLog
import Foundation
import SyncProtocol
import Testing

@testable import SyncServer

/// The built program, serving two organisations in a folder of its own.
struct HostileServer {
    let folder: String
    let port: Int
    private let program: ServerProgram.Running
    private let organisations: [String]

    static func start() async throws -> HostileServer {
        let folder = TestInterface.freshFolder()
        _ = try await ServerProgram.run("init", "--data", folder, "--address", "127.0.0.1:0")
        let program = try ServerProgram.start(["serve", "--data", folder, "--log-level", "warning"])
        let line = try #require(await program.line())
        let port = try #require(Int(line.split(separator: ":").last ?? ""))
        var organisations: [String] = []
        for name in ["Welzijn", "Dock"] {
            let added = try await ServerProgram.run("organisation", "add", name, "--data", folder, "--json")
            let record = try #require(try added.document()["record"] as? String)
            organisations.append(String(record.dropFirst()))
        }
        return HostileServer(folder: folder, port: port, program: program, organisations: organisations)
    }

    func member(_ name: String, organisation: Int, _ replica: ReplicaID) async throws -> ServerMember {
        try await .enrol(
            name, of: organisations[organisation], at: folder, port: port, replica: replica)
    }

    /// The memory of the program, as the system counts it: now, and the most there ever was, bytes.
    func memory() throws -> (now: Int, most: Int) {
        let status = try String(contentsOfFile: "/proc/\(program.number)/status", encoding: .utf8)
        func kilobytes(_ name: String) throws -> Int {
            let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name) })
            return try #require(line.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.first)
        }
        return (try kilobytes("VmRSS:") << 10, try kilobytes("VmHWM:") << 10)
    }

    /// Ends the program, which has nothing to complain of, and walks all that it kept.
    func stop() async throws {
        program.terminate()
        let end = await program.end()
        #expect(end.status == 0)
        #expect(end.errors == "")
        let verified = try await ServerProgram.run("verify", "--data", folder)
        #expect(verified.status == 0, "\(verified.output) \(verified.errors)")
        try FileManager.default.removeItem(atPath: folder)
    }
}
