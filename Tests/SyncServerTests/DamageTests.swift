import ChangeLog
import GRDB
import SyncProtocol
import Testing
import TextCRDT

@testable import SyncServer

/// A database that another hand has written in ends nothing but what needs the damaged row.
@Suite struct DamageTests {
    private struct Scene {
        let server: TestServer
        let anna: TestDevice
        let entries: [BatchEntry]
    }

    private func scene() async throws -> Scene {
        let server = try await TestServer()
        let anna = try await server.device()
        let note = anna.record()
        let entries = [
            anna.change([TestDomain.create(note), TestDomain.decide(note, "open")]),
            anna.change([.edit(note, TestDomain.body, check: .empty, [.insert(at: 0, text: "x")])]),
            anna.change([TestDomain.write(note, "hold")]),
            anna.change([TestDomain.write(note, "b")]),
        ]
        let codes = try await anna.push(entries).map(\.code)
        try #require(codes == ["accepted", "accepted", "held test.held", "waiting 3"])
        return Scene(server: server, anna: anna, entries: entries)
    }

    private func tamper(_ scene: Scene, _ sql: String) async throws {
        await scene.server.service.close()
        let queue = try DatabaseQueue(path: scene.server.path)
        try await queue.write { try $0.execute(sql: sql) }
        try queue.close()
        try await scene.server.reopen()
    }

    /// Each is a row that SQLite takes, and that no server writes.
    @Test(arguments: [
        "UPDATE change SET position = -position",
        "UPDATE verdict SET number = -number WHERE replica = 2",
        "UPDATE verdict SET position = NULL WHERE replica = 2",
        "UPDATE verdict SET effective = NULL WHERE replica = 2",
        "UPDATE verdict SET code = NULL, message = NULL WHERE state = 2",
        "UPDATE verdict SET behind = NULL WHERE state = 3",
        "UPDATE pending SET member = -1",
        "UPDATE pending SET member = 9223372036854775807, members = 2",
        "UPDATE pending SET members = 9223372036854775807",
        "UPDATE pending SET number = -9223372036854775807 WHERE number = 3",
        "UPDATE change SET bytes = x'00' WHERE position = 3",
        "UPDATE treehead SET size = -1",
    ])
    func `a row that cannot be is told, and ends nothing else`(_ sql: String) async throws {
        let scene = try await scene()
        try await tamper(scene, sql)
        #expect(try await !scene.server.service.verify().isSound)
        let fresh = scene.anna.change(in: scene.anna.own, [TestDomain.create(scene.anna.record())])
        await told { _ = try await scene.anna.push(scene.entries + [fresh]) }
        await told { _ = try await scene.server.service.held() }
        await told { try await scene.server.service.release(scene.entries[2].envelope.id) }
        await told { _ = try await scene.anna.frames() }
        await told { _ = try await scene.server.service.comparison(with: 3) }
    }

    /// What stands beyond all that a server can give is no end of the order.
    @Test func `a position beyond all others keeps nobody from going on`() async throws {
        let scene = try await scene()
        let head = await scene.server.service.head().1
        try await tamper(
            scene, "UPDATE change SET position = 9223372036854775807 WHERE position = \(head.value)")
        let report = try await scene.server.service.verify()
        #expect(report.findings.contains { $0.fault == .positionsMissing }, "\(report.findings)")
        for _ in 0..<2 {
            let fresh = scene.anna.change(in: scene.anna.own, [TestDomain.create(scene.anna.record())])
            let code = try await scene.anna.push([fresh]).map(\.code)
            #expect(code == ["accepted"])
        }
        #expect(await scene.server.service.head().1.value == head.value + 1)
        #expect(try await scene.anna.frames().last == .current(Position(head.value + 1)))
    }

    /// Whatever is thrown says that the data are damaged, or is an answer of the protocol.
    private func told(_ body: () async throws -> Void) async {
        do {
            try await body()
        } catch let error as ServerError {
            #expect(error.code == .damaged || error.code == .storage, "\(error)")
        } catch {
            #expect(error is Reason, "\(error)")
        }
    }

    /// What waits is what will be accepted: as it came, or not at all.
    @Test(arguments: [
        "UPDATE pending SET bytes = CAST(substr(bytes, 1, length(bytes) - 1) || 'X' AS BLOB)",
        "UPDATE pending SET envelope = zeroblob(80)",
        "UPDATE pending SET previous = zeroblob(32) WHERE number = 4",
        "UPDATE pending SET member = 1, members = 2",
        "UPDATE verdict SET inner = zeroblob(32) WHERE state = 3",
        "UPDATE verdict SET position = 3 WHERE state = 2",
    ])
    func `what waits or is held is walked too`(_ sql: String) async throws {
        let scene = try await scene()
        try await tamper(scene, sql)
        #expect(try await !scene.server.service.verify().isSound)
    }

    @Test func `tables that demand less are not opened`() async throws {
        let scene = try await scene()
        await #expect(throws: ServerError.self) {
            try await tamper(
                scene,
                """
                CREATE TABLE loose AS SELECT * FROM change; DROP TABLE change;
                ALTER TABLE loose RENAME TO change
                """)
        }
    }
}
