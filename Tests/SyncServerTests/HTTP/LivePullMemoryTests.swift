import ChangeLog
import Foundation
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct LivePullMemoryTests {
    /// Each leaves nothing on its connection, which may stay open for months.
    @Test func `live pulls that ended hold no memory`() async throws {
        try await TestInterface.run { server async throws in
            let client = try await server.enrolledDevice()
            // Refused at once, since nobody can have seen so much.
            let want = Want(cursor: Position(1_000_000), isLive: true, held: [])
            let frames: [Frame] = [.hello(client.device.hello), .want(want)]
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                for _ in 0..<500 { _ = try await connection.request("/pull", frames) }
                let before = try resident()
                for _ in 0..<1500 { _ = try await connection.request("/pull", frames) }
                #expect(try resident() - before < 6_000_000)
            }
        }
    }

    /// Bytes of memory that this process has.
    private func resident() throws -> Int {
        let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
        return (Int(pages) ?? 0) * 4096
    }
}
