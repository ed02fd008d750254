import ChangeLog
import Foundation
import GRDB
import Nominations
import OfflineReplica
import SyncProtocol
import Synchronization
import Testing

/// Counts the changes that come in on the way.
private final class CountingTransport: FrameTransport {
    let connection: ServerConnection
    let delivered = Mutex(0)

    init(_ connection: ServerConnection) { self.connection = connection }

    func converse(
        _ path: String, sending frames: [Frame], receive: (Frame) async throws -> Bool
    ) async throws {
        try await connection.converse(path, sending: frames) { frame in
            if case .deliver(let delivery) = frame {
                delivered.withLock { $0 += delivery.batch.entries.count }
            }
            return try await receive(frame)
        }
    }
}

/// Regression 17: what differs is found, and that alone is fetched.
@Suite(.serialized, .timeLimit(.minutes(3))) struct MendingTests {
    /// Two replicas of one person, one of which wrote `count` notes that both have.
    private struct Scene {
        let world: World
        let (writer, reader): (Replica, Replica)
        let audience: AudienceID
        var notes: [RecordID] = []

        init(_ count: Int) async throws {
            world = try await World.open()
            let person = try await world.person("Anna", [.workgroup])
            writer = try await world.enrol(person, as: "writer")
            reader = try await world.enrol(person, as: "reader")
            audience = AudienceID(family: "person", person)
            for number in 0..<count {
                notes.append(World.fresh())
                _ = try await writer.record([Note.draft(notes[number], "note \(number)", in: writer)])
            }
            for replica in [writer, reader] { try await sync(replica) }
            // The first with a cursor: sums are computed and kept from now on.
            try await sync(reader)
        }

        func sync(_ replica: Replica) async throws {
            let report = await replica.exchange(over: try replica.connection())
            if let error = report.error { throw error }
            #expect(report.divergences.isEmpty)
        }

        /// What a disk might do to the reader's database.
        func damage(_ sql: String) throws {
            let database = try DatabaseQueue(path: reader.folder + "/replica.db")
            try database.write { db in
                try db.execute(sql: sql)
                try db.execute(sql: "DELETE FROM touch WHERE change NOT IN (SELECT id FROM change)")
            }
            try database.close()
        }

        func mended() async throws -> (report: ExchangeReport, delivered: Int) {
            let transport = CountingTransport(try reader.connection())
            let report = await reader.exchange(over: transport)
            return (report, transport.delivered.withLock { $0 })
        }

        func expectEqual() async throws {
            let (mine, theirs) = (try await writer.digest(), try await reader.digest())
            #expect(mine.audiences == theirs.audiences)
        }

        /// The condition of the `n`th change of the writer.
        func change(_ number: Int) async throws -> String {
            let hex = "\(writer.identity.replica)".replacing("-", with: "")
            return "replica = x'\(hex)' AND number = \(number)"
        }
    }

    // P-130, P-131, P-132
    @Test func whatADiskHasLostIsFoundAndFetchedAndNothingElse() async throws {
        let scene = try await Scene(1_200)
        // In a block whose sum is kept, and nowhere else.
        try scene.damage("DELETE FROM change WHERE \(try await scene.change(40))")
        let first = try await scene.mended()
        #expect(first.report.divergences.map(\.mended) == [1] && first.delivered <= 64)
        // Two in the newest block, of which one moved in time, and one far from them.
        try scene.damage("DELETE FROM change WHERE \(try await scene.change(700))")
        try scene.damage("DELETE FROM change WHERE \(try await scene.change(1_180))")
        try scene.damage("UPDATE change SET effective = effective + 9 WHERE \(try await scene.change(1_150))")
        let (report, delivered) = try await scene.mended()
        #expect(report.error == nil && report.isComplete)
        #expect(report.divergences.map(\.mended) == [3])
        #expect(report.divergences.map(\.isMended) == [true])
        #expect(report.divergences.map(\.audience) == [scene.audience])
        #expect(delivered >= 3 && delivered <= 3 * 64)
        try await scene.expectEqual()
        #expect(try await Note.text(scene.notes[39], in: scene.reader) == "note 39")
        try await scene.sync(scene.reader)
        try await scene.world.close()
    }

    @Test func whatWasNeverDeliveredIsFollowedToItsSignature() async throws {
        let scene = try await Scene(5)
        let chain = try DatabaseQueue(path: scene.reader.folder + "/replica.db")
        let select =
            "SELECT hash FROM chain WHERE audience = '\(scene.audience.name)' AND replica <> (SELECT replica FROM replica)"
        let before = try await chain.read { try Data.fetchOne($0, sql: select) }
        try chain.close()
        let late = World.fresh()
        _ = try await scene.writer.record([Note.draft(late, "late", in: scene.writer)])
        for replica in [scene.writer, scene.reader] { try await scene.sync(replica) }
        let hash = try #require(before).map { String(format: "%02x", $0) }.joined()
        try scene.damage(
            """
            DELETE FROM change WHERE \(try await scene.change(6));
            UPDATE chain SET hash = x'\(hash)' WHERE audience = '\(scene.audience.name)'
                AND replica <> (SELECT replica FROM replica)
            """)
        let (report, _) = try await scene.mended()
        #expect(report.error == nil)
        #expect(report.divergences.map(\.mended) == [1])
        try await scene.expectEqual()
        // The chain stands where it should: what comes next follows it.
        _ = try await scene.writer.record([Note.draft(World.fresh(), "next", in: scene.writer)])
        for replica in [scene.writer, scene.reader] { try await scene.sync(replica) }
        try await scene.expectEqual()
        try await scene.world.close()
    }

    @Test func ownChangesComeBackToo() async throws {
        let scene = try await Scene(5)
        let own = "replica = (SELECT replica FROM replica) AND number IN (2, 3)"
        for number in 0..<4 {
            _ = try await scene.reader.record([Note.draft(World.fresh(), "own \(number)", in: scene.reader)])
        }
        for replica in [scene.reader, scene.writer] { try await scene.sync(replica) }
        _ = try await scene.reader.record([Note.draft(World.fresh(), "queued", in: scene.reader)])
        try scene.damage("DELETE FROM change WHERE \(own)")
        let (report, _) = try await scene.mended()
        #expect(report.error == nil && report.divergences.map(\.isMended) == [true])
        #expect(report.divergences.map(\.mended) == [2] && report.accepted == 1)
        try await scene.sync(scene.writer)
        try await scene.expectEqual()
        try await scene.world.close()
    }

    @Test func anOwnChangeStaysWhereItsVerdictSaid() async throws {
        let scene = try await Scene(3)
        _ = try await scene.reader.record([Note.draft(World.fresh(), "own", in: scene.reader)])
        for replica in [scene.reader, scene.writer] { try await scene.sync(replica) }
        _ = try await scene.writer.record([Note.draft(World.fresh(), "later", in: scene.writer)])
        for replica in [scene.writer, scene.reader] { try await scene.sync(replica) }
        let own = "replica = (SELECT replica FROM replica) AND number = 1"
        try scene.damage("DELETE FROM change WHERE \(try await scene.change(4))")
        try scene.damage("UPDATE change SET position = position + 1 WHERE \(own)")
        let (report, _) = try await scene.mended()
        #expect((report.error as? ReplicaError)?.code == .evidence)
        #expect(report.divergences.map(\.isMended) == [false])
        try await scene.world.close()
    }

    @Test func whatTheServerDoesNotHaveIsKeptAndReported() async throws {
        let scene = try await Scene(5)
        try scene.damage(
            """
            INSERT INTO change (replica, number, audience, position, effective, state, isAnswered, bytes, inner)
            SELECT x'000102030405060708090a0b0c0d0e0f', 1, audience, position - 3, effective, 0, 1, bytes, inner
            FROM change WHERE \(try await scene.change(5))
            """)
        _ = try await scene.reader.record([Note.draft(World.fresh(), "own", in: scene.reader)])
        let (report, _) = try await scene.mended()
        #expect(report.error == nil && report.isComplete && report.diverged?.code == .diverged)
        #expect(report.divergences.map(\.isMended) == [false] && report.divergences.map(\.mended) == [0])
        // What is queued goes out all the same.
        #expect(report.accepted == 1)
        let database = try DatabaseQueue(path: scene.reader.folder + "/replica.db")
        let kept = try await database.read { db in
            try Int.fetchOne(
                db, sql: "SELECT count(*) FROM change WHERE replica = x'000102030405060708090a0b0c0d0e0f'")
        }
        #expect(kept == 1)
        try database.close()
        try await scene.world.close()
    }
}
