import ChangeLog
import GRDB
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct FullDiskTests {
    @Test func `a device goes on reading what it holds already while nothing can be noted`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        var reader = TestReader(anna)
        try reader.take(try await anna.frames())
        let entry = bert.change([TestDomain.create(bert.record())])
        _ = try await bert.push([entry])
        server.clock.advance(1000)
        try await server.fillDisk(at: "session")
        for try await frame in reader.resume(anna) { try reader.take(frame) }
        #expect(reader.entries.last?.envelope.id == entry.envelope.id)
        #expect(reader.actions.last == .current(await server.head()))
        #expect(try await server.seen(anna) == server.clock.now - 1000, "it was noted")
    }

    @Test func `a device gets nothing that nobody could know afterwards that it holds`() async throws {
        let server = try await TestServer()
        let anna = try await server.device()
        try await server.fillDisk(at: "session")
        var frames: [Frame] = []
        await #expect(throws: ServerError(.diskFull, "", remedy: "")) {
            for try await frame in anna.pull() { frames.append(frame) }
        }
        #expect(frames.isEmpty)
        try await server.makeRoom()
        #expect(try await anna.frames().last == .current(await server.head()))
    }

    @Test func `an audience that is granted meanwhile waits until it can be noted`() async throws {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let (anna, bert) = (try await server.device(), try await server.device(team: team))
        let audience = AudienceID(family: "team", team)
        _ = try await bert.push([bert.change(in: audience, [TestDomain.create(bert.record())])])
        var reader = TestReader(anna)
        try reader.take(try await anna.frames())
        try await server.move(anna.person, to: team)
        try await server.fillDisk(at: "holding")
        await #expect(throws: ServerError(.diskFull, "", remedy: "")) {
            for try await frame in reader.resume(anna) { try reader.take(frame) }
        }
        try await server.makeRoom()
        for try await frame in reader.resume(anna) { try reader.take(frame) }
        #expect(reader.held[audience] != nil)
        let report = try await server.service.devices().first { $0.device == anna.identity.device }
        #expect(report?.audiences.contains(audience) == true)
    }

    @Test func `a server whose last commit failed is ready once it can keep something again`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entry = device.change([TestDomain.create(device.record())])
        #expect(try await server.service.isReady())
        try await server.fillDisk(at: "change", "meta")
        await #expect(throws: ServerError(.diskFull, "", remedy: "")) { try await device.push([entry]) }
        await #expect(throws: ServerError(.diskFull, "", remedy: "")) { try await server.service.isReady() }
        try await server.makeRoom()
        #expect(try await server.service.isReady())
        #expect(try await device.push([entry]).map(\.code) == ["accepted"])
        #expect(try await server.service.verify().isSound)
    }
}

extension TestServer {
    private var pool: DatabasePool { service.engine.store.pool }

    /// From now on the database cannot grow, and each write in these tables needs it to.
    fileprivate func fillDisk(at tables: String...) async throws {
        try await pool.writeWithoutTransaction { db in
            try db.execute(sql: "CREATE TABLE filler (bytes BLOB)")
            for table in tables {
                for event in ["INSERT", "UPDATE"] {
                    try db.execute(
                        sql: """
                            CREATE TRIGGER full_\(table)_\(event) AFTER \(event) ON \(table)
                            BEGIN INSERT INTO filler VALUES (zeroblob(1000000)); END
                            """)
                }
            }
            let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = \(pages)")
        }
    }

    fileprivate func makeRoom() async throws {
        try await pool.writeWithoutTransaction { db in
            _ = try Int.fetchOne(db, sql: "PRAGMA max_page_count = 1073741823")
            try db.execute(sql: "DROP TABLE filler")
            let triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            for name in try String.fetchAll(db, sql: triggers) {
                try db.execute(sql: "DROP TRIGGER \(name)")
            }
        }
    }

    fileprivate func seen(_ device: TestDevice) async throws -> Int64? {
        try await service.devices().first { $0.device == device.identity.device }?.lastSeenMilliseconds
    }
}
