import ChangeLog
import Foundation
import GRDB
import SyncProtocol
import Testing
import TransparencyLog

@testable import SyncServer

/// Chains whose ends were told before what stands there came. P-088.
@Suite(.timeLimit(.minutes(1))) struct LodgingTests {
    /// A server with a deadline in ten seconds, and a device.
    private func begin() async throws -> (TestServer, TestDevice) {
        let server = try await TestServer()
        let device = try await server.device()
        let deadline = RecordID(server.clock.bits())
        let moment = "\(server.clock.now + 10_000)"
        let operations = [TestDomain.create(deadline), TestDomain.decide(deadline, moment)]
        _ = try await server.service.author([(Roster.audience, operations)])
        return (server, device)
    }

    private func lodge(_ hash: ChangeHash, of device: TestDevice) async throws {
        try await device.server.service.lodge(
            [LodgedHead(audience: device.own, hash: hash)], of: device.replica, by: device.identity,
            at: device.server.clock.now)
    }

    private func notes(_ count: Int, by device: TestDevice) -> [BatchEntry] {
        (0..<count).map { _ in device.change(in: device.own, [TestDomain.create(device.record())]) }
    }

    /// The hashes of a chain after each of its changes.
    private func hashes(_ entries: [BatchEntry]) -> [ChangeHash] {
        var hash = entries.first?.previous ?? .zero
        return entries.map { entry in
            hash = Chain.link(previous: hash, inner: entry.inner(hash: sha256), hash: sha256)
            return hash
        }
    }

    /// When each of them was lodged, as the server has written it down.
    private func moments(_ entries: [BatchEntry], on server: TestServer) async throws -> [Int64?] {
        let records = hashes(entries).map(TestDomain.witness)
        return try await server.service.read { facts in
            try records.map { try facts.rostered($0, TestDomain.state)?.text.flatMap { Int64($0) } }
        }
    }

    @Test func `what leads to a lodged end counts by its moment, and what follows does not`() async throws {
        let (server, device) = try await begin()
        let entries = notes(3, by: device)
        let told = server.clock.now
        try await lodge(hashes(entries)[1], of: device)
        try await server.reopen()
        server.clock.advance(5_000)
        try await lodge(hashes(entries)[1], of: device)
        server.clock.advance(5_001)
        #expect(try await device.push(entries).allSatisfy { $0.position != nil })
        #expect(try await moments(entries, on: server) == [told, told, nil])
        #expect(try await server.service.verify().findings.isEmpty)
    }

    @Test func `the moment is in the tree at once, and whoever changes it is found out`() async throws {
        let (server, device) = try await begin()
        let before = try await server.service.comparison(with: 0).signed.head.size
        try await lodge(hashes(notes(1, by: device))[0], of: device)
        #expect(try await server.service.comparison(with: 0).signed.head.size == before + 1)
        #expect(try await server.service.verify().findings.isEmpty)
        await server.service.close()
        let database = try DatabaseQueue(path: server.path)
        try await database.write { try $0.execute(sql: "UPDATE lodged SET moment = moment - 1") }
        try database.close()
        try await server.reopen()
        #expect(try await server.service.verify().findings.map(\.fault) == [.leafOther])
    }

    @Test func `of several chains the one that was lodged last before the deadline counts`() async throws {
        let (server, device) = try await begin()
        let twin = TestDevice(
            server: server, person: device.person, key: device.key, replica: device.replica,
            epoch: device.epoch)
        let (one, other) = (notes(1, by: device), notes(1, by: twin))
        try await lodge(hashes(one)[0], of: device)
        server.clock.advance(1_000)
        let told = server.clock.now
        try await lodge(hashes(other)[0], of: device)
        server.clock.advance(10_000)
        // Too late to count, and no reason why what was lodged before should not.
        try await lodge(hashes(one)[0], of: device)
        _ = try await twin.push(other)
        #expect(try await moments(other, on: server) == [told])

        let second = try await begin()
        let third = TestDevice(
            server: second.0, person: second.1.person, key: second.1.key, replica: second.1.replica,
            epoch: second.1.epoch)
        let (chosen, last) = (notes(1, by: second.1), notes(1, by: third))
        try await lodge(hashes(chosen)[0], of: second.1)
        try await lodge(hashes(last)[0], of: second.1)
        second.0.clock.advance(10_001)
        _ = try await second.1.push(chosen)
        #expect(try await moments(chosen, on: second.0) == [nil])
    }

    @Test func `nothing is written down of what came in time, or was lodged too late`() async throws {
        let (server, device) = try await begin()
        let (prompt, late) = (notes(1, by: device), notes(1, by: device))
        try await lodge(hashes(prompt)[0], of: device)
        _ = try await device.push(prompt)
        server.clock.advance(10_001)
        try await lodge(hashes(late)[0], of: device)
        server.clock.advance(1)
        _ = try await device.push(late)
        #expect(try await moments(prompt + late, on: server) == [nil, nil])
    }

    @Test func `nobody lodges for another device, and where no moment matters nothing is kept`() async throws
    {
        let (server, device) = try await begin()
        let other = try await server.device()
        let hash = hashes(notes(1, by: device))[0]
        await #expect(throws: Refusal.replicaForeign) {
            try await server.service.lodge(
                [LodgedHead(audience: device.own, hash: hash)], of: device.replica, by: other.identity, at: 0)
        }
        let before = try await server.service.comparison(with: 0).signed.head.size
        try await server.service.lodge(
            [LodgedHead(audience: Roster.audience, hash: hash)], of: device.replica, by: device.identity,
            at: 0)
        #expect(try await server.service.comparison(with: 0).signed.head.size == before)
    }

    @Test func `a chain that comes in pieces counts by an end in a later one`() async throws {
        let (server, device) = try await begin()
        let entries = notes(300, by: device)
        let told = server.clock.now
        try await lodge(hashes(entries)[299], of: device)
        server.clock.advance(10_001)
        _ = try await device.push(entries)
        #expect(try await moments(entries, on: server) == entries.map { _ in told })
    }

    @Test func `a database without the table gets it`() async throws {
        let (server, device) = try await begin()
        await server.service.close()
        let database = try DatabaseQueue(path: server.path)
        try await database.write { db in
            try db.execute(
                sql: """
                    DROP TABLE lodged; DROP INDEX verdict_waiting; DROP INDEX pending_group;
                    PRAGMA user_version = 2
                    """)
        }
        try database.close()
        try await server.reopen()
        let entries = notes(1, by: device)
        let told = server.clock.now
        try await lodge(hashes(entries)[0], of: device)
        server.clock.advance(10_001)
        _ = try await device.push(entries)
        #expect(try await moments(entries, on: server) == [told])
    }
}
