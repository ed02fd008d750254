import ChangeLog
import Cryptography
import Dispatch
import Foundation
import GRDB
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct DurabilityTests {
    /// Regression 9. Whoever is told of a position can read it.
    @Test func `a position is announced when a reader can see it`() async throws {
        let server = try await TestServer()
        let (engine, key, seed) = (server.service.engine, server.key, server.clock.bits())
        let (pool, epoch, hasRead) = (engine.store.pool, engine.epoch, Flag())
        let queue = CommitQueue(
            store: engine.store, probe: nil, makeLedger: { ServerLedger($0, epoch: epoch) },
            observer: CommitQueue.Observer(
                willCommit: { try $0.writeTree(signedBy: key, at: 0) },
                didCommit: { head in
                    let seen = try? pool.read { try ServerLedger($0, epoch: epoch).head() }
                    if seen == head { hasRead.raise() }
                }),
            metrics: engine.metrics)
        let record = RecordID(server.clock.bits())
        _ = try await queue.commit { ledger in
            try engine.author.write(
                [(Roster.audience, [TestDomain.create(record)])], seeds: [seed],
                through: engine.intake(in: ledger))
        }
        #expect(hasRead.isRaised)
    }

    /// Regression 16.
    @Test func `what one has piled up keeps nobody else waiting at the writer`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let engine = server.service.engine
        let writer = await HeldWriter(of: engine)
        let flood = try (0..<40).map { _ in
            try bert.batch((0..<20).map { _ in bert.change([TestDomain.create(bert.record())]) })
        }
        let small = try anna.batch([anna.change([TestDomain.create(anna.record())])])
        let (service, a, b) = (server.service, anna.identity, bert.identity)
        let (ra, rb) = (anna.replica, bert.replica)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, batch) in flood.enumerated() {
                group.addTask { _ = try await service.push(batch, from: b, replica: rb) }
                while index == 0, await !engine.queue.isWriting { await Task.yield() }
            }
            while await engine.queue.backlog < flood.count - 1 { await Task.yield() }
            let left = Task {
                _ = try await service.push(small, from: a, replica: ra)
                return await engine.queue.backlog
            }
            while await engine.queue.backlog < flood.count { await Task.yield() }
            writer.letGo()
            #expect(try await left.value > 10)
            try await group.waitForAll()
        }
        try await writer.end()
    }

    // P-030, P-031
    @Test func `what was acknowledged is there after a restart, in the same place`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entries = [
            device.change([TestDomain.create(device.record())]),
            device.change([TestDomain.write(device.record(), "a")]),
        ]
        let verdicts = try await device.push(entries)
        let before = await server.service.head()
        let replica = server.service.replica
        try await server.reopen()
        #expect(await server.service.head() == before)
        #expect(server.service.replica == replica)
        #expect(try await device.push(entries) == verdicts)
        #expect(try await server.service.verify().isSound)
    }

    @Test func `a copy taken while the server runs is a whole server, as after a kill`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entry = device.change([TestDomain.create(device.record())])
        let verdicts = try await device.push([entry])
        let copy = server.folder + "-copy"
        try FileManager.default.copyItem(atPath: server.folder, toPath: copy)
        defer {
            // What is left behind is in the system's temporary folder.
            try? FileManager.default.removeItem(atPath: copy)
        }
        let service = try await SyncService.open(
            in: copy, rules: TestDomain.rules, key: server.key, environment: server.clock.environment)
        #expect(
            try await service.verdicts(of: [entry.envelope.id], for: device.identity).map(\.verdict)
                == verdicts)
        #expect(try await service.verify().isSound)
        await service.close()
    }

    @Test func `full syncs are demanded, and read back`() async throws {
        let server = try await TestServer()
        let pool = server.service.engine.store.pool
        #expect(try await pool.writeWithoutTransaction(ServerStore.synchronousLevel) == 2)
        #expect(try await server.service.isReady())
        try await pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = NORMAL") }
        #expect(try await server.service.isReady() == false)
        let path = server.folder + "/other.db"
        let other = try DatabasePool(path: path)
        try await other.writeWithoutTransaction { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
        #expect(throws: ServerError(.notDurable, "", remedy: "")) {
            try ServerStore.demandFullSync(of: other)
        }
    }

    @Test func `what is no data of this server is not opened`() async throws {
        let server = try await TestServer()
        let clock = server.clock
        func code(_ folder: String, _ key: PrivateKey) async -> ServerError.Code? {
            do {
                let service = try await SyncService.open(
                    in: folder, rules: TestDomain.rules, key: key, environment: clock.environment)
                await service.close()
                return nil
            } catch { return (error as? ServerError)?.code }
        }
        #expect(await code(server.folder + "/nothing", server.key) == .absent)
        #expect(await code(server.folder, try PrivateKey.generate()) == .damaged)
        await #expect(throws: ServerError(.present, "", remedy: "")) {
            try await SyncService.create(
                in: server.folder, rules: TestDomain.rules, key: server.key, environment: clock.environment)
        }
        await server.service.close()
        for (sql, expected) in [
            ("PRAGMA user_version = 99", ServerError.Code.newer), ("PRAGMA application_id = 1", .foreign),
        ] {
            let queue = try DatabaseQueue(path: server.path)
            try await queue.writeWithoutTransaction { try $0.execute(sql: sql) }
            try queue.close()
            #expect(await code(server.folder, server.key) == expected)
        }
        try Data(repeating: 120, count: 4096).write(to: URL(fileURLWithPath: server.path))
        #expect(await code(server.folder, server.key) == .foreign)
    }

    @Test func `folder and file are for their owner alone`() async throws {
        let server = try await TestServer()
        for (path, mode) in [(server.folder, 0o700), (server.path, 0o600), (server.path + "-wal", 0o600)] {
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            #expect(attributes[.posixPermissions] as? Int == mode, "\(path)")
        }
    }

    // P-036
    @Test func `what came in time is in time, however long it waits for its turn`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let engine = server.service.engine
        let came = server.clock.now
        let batch = try device.batch([device.change(at: came + 90_000, [TestDomain.create(device.record())])])
        let writer = await HeldWriter(of: engine)
        let (service, identity, replica) = (server.service, device.identity, device.replica)
        let verdicts = Task { try await service.push(batch, from: identity, replica: replica) }
        while await !engine.queue.isWriting { await Task.yield() }
        server.clock.advance(60_000)
        writer.letGo()
        #expect(try await verdicts.value.map { $0.verdict.effective?.milliseconds } == [came])
        try await writer.end()
    }

    // P-030
    @Test func `pushes that wait are committed together, each with its own fate`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let engine = server.service.engine
        let before = await engine.queue.transactions
        let writer = await HeldWriter(of: engine)
        let first = try anna.batch([anna.change([TestDomain.create(anna.record())])])
        var batches: [Batch] = []
        for _ in 0..<20 { batches.append(try bert.batch([bert.change([TestDomain.create(bert.record())])])) }
        let foreign = try anna.batch([anna.change([TestDomain.create(anna.record())])])
        let (service, a, b) = (server.service, anna.identity, bert.identity)
        let (ra, rb) = (anna.replica, bert.replica)
        try await withThrowingTaskGroup(of: [String].self) { group in
            group.addTask { try await service.push(first, from: a, replica: ra).map(\.verdict.code) }
            // The first one alone is on its way to the writer; the others pile up.
            while await !engine.queue.isWriting { await Task.yield() }
            for batch in batches {
                group.addTask { try await service.push(batch, from: b, replica: rb).map(\.verdict.code) }
            }
            group.addTask {
                do {
                    return try await service.push(foreign, from: b, replica: ra).map(\.verdict.code)
                } catch let reason as Reason { return [reason.code] }
            }
            while await engine.queue.backlog < batches.count + 1 { await Task.yield() }
            writer.letGo()
            var codes: [String] = []
            for try await some in group { codes += some }
            #expect(codes.filter { $0 == "replica.foreign" }.count == 1)
            #expect(codes.count == 22)
        }
        try await writer.end()
        #expect(await engine.queue.transactions == before + 2)
        let entries = batches.flatMap(\.entries)
        #expect(try await bert.verdicts(entries).allSatisfy { $0.position != nil })
        #expect(try await server.service.verify().isSound)
    }

    @Test func `a cancelled push is committed all the same`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entry = device.change([TestDomain.create(device.record())])
        let (batch, service) = (try device.batch([entry]), server.service)
        let (identity, replica) = (device.identity, device.replica)
        let task = Task { try await service.push(batch, from: identity, replica: replica) }
        task.cancel()
        let verdicts = try await task.value
        #expect(verdicts.map(\.verdict.code) == ["accepted"])
    }
}
