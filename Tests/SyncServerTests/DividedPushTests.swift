import ChangeLog
import Cryptography
import GRDB
import SyncProtocol
import Synchronization
import Testing

@testable import SyncServer

/// Pushes that take several turns of the writer.
@Suite struct DividedPushTests {
    /// Counts turns.
    private final class Turns: Sendable {
        private let taken = Mutex(0)

        func next() -> Int {
            taken.withLock { taken in
                defer { taken += 1 }
                return taken
            }
        }
    }

    private struct Scene {
        let server: TestServer
        let device: TestDevice
        let entries: [BatchEntry]
        let batch: Batch
        let pieces: [LinkedBatch]

        /// 300 changes in two audiences; an action of both stands where the first turn ends.
        init() async throws {
            server = try await TestServer()
            device = try await server.device()
            let own = device.own
            var entries: [BatchEntry] = []
            while entries.count < 300 {
                if entries.count == CommitQueue.quantum - 1 {
                    entries += device.group([
                        (Roster.audience, [TestDomain.create(device.record())]),
                        (own, [TestDomain.create(device.record())]),
                    ])
                } else {
                    let audience = entries.count % 3 == 0 ? own : Roster.audience
                    entries.append(device.change(in: audience, [TestDomain.create(device.record())]))
                }
            }
            self.entries = entries
            batch = try device.batch(entries)
            pieces = LinkedBatch(
                batch, of: device.replica, key: device.key.publicKey, hash: sha256
            ).divided(into: CommitQueue.quantum)
        }

        func commit(_ piece: LinkedBatch) async throws -> [VerdictEntry] {
            let engine = server.service.engine
            let (replica, owner, now) = (device.replica, device.identity.device, server.clock.now)
            return try await engine.queue.commit(for: owner, cost: piece.cost) { ledger in
                try engine.intake(in: ledger, received: now).receive(piece, of: replica, from: owner).entries
            }
        }

        /// How many signatures are kept of the device.
        func signatures() async throws -> Int {
            let replica = device.replica
            return try await server.service.engine.read { ledger in
                let number = try ledger.replicaRow(replica)?.number ?? 0
                return try ledger.db.one("SELECT count(*) FROM signature WHERE replica = ?", [number])?[0]
                    ?? 0
            }
        }

        /// The evidence for its first change as a reader gets it: links and a signature.
        func evidence() async throws -> ([ChangeHash], [UInt8])? {
            let replica = device.replica
            return try await server.service.engine.read { ledger in
                let number = try ledger.replicaRow(replica)?.number ?? 0
                let audience = try ledger.audienceNumber(Roster.audience) ?? 0
                return try ledger.head(of: GrowingBatch.Chain(replica: number, audience: audience), after: 2)
            }
        }
    }

    // P-030
    @Test func `pieces take a turn each, and an action stays whole`() async throws {
        let scene = try await Scene()
        #expect(scene.pieces.map(\.links.count) == [127, 128, 45])
        #expect(scene.pieces.flatMap { $0.links.map(\.entry) } == scene.entries)
        let before = await scene.server.service.engine.queue.transactions
        let verdicts = try await scene.device.push(scene.entries)
        #expect(verdicts.count == 300 && verdicts.allSatisfy { $0.code == "accepted" })
        let positions = verdicts.compactMap(\.position)
        #expect(positions == positions.sorted())
        #expect(await scene.server.service.engine.queue.transactions == before + 3)
        #expect(try await scene.signatures() == 2, "one for each chain")
    }

    /// The server stops between two of them; what the device was not told about it sends again.
    // P-011, P-012
    @Test(arguments: [true, false])
    func `a piece whose rest never came is signed, and the same once it comes`(isSignedAnew: Bool)
        async throws
    {
        let scene = try await Scene()
        _ = try await scene.commit(scene.pieces[0])
        try await scene.server.reopen()
        #expect(try await scene.server.service.verify().isSound)
        let early = try #require(try await scene.evidence())
        #expect(early.0.count > scene.pieces[1].links.count, "they lead beyond what is here")
        #expect(try await scene.signatures() == 2)
        let batch = isSignedAnew ? try scene.device.batch(scene.entries) : scene.batch
        let verdicts = try await scene.device.push(batch)
        #expect(verdicts.count == 300 && verdicts.allSatisfy { $0.code == "accepted" })
        let late = try #require(try await scene.evidence())
        #expect(late.0 == early.0 && late.1 == early.1, "a file that was made meanwhile is the same")
        #expect(try await scene.signatures() == (isSignedAnew ? 4 : 2))
        #expect(try await scene.server.service.verify().isSound)
    }

    /// A seed opens the commitments of its whole push, and the rest may hold what nobody is to read.
    @Test func `of a piece whose rest has not come the salts are told singly`() async throws {
        let scene = try await Scene()
        let reader = try await scene.server.device()
        func seeds() async throws -> Int {
            try await reader.frames().flatMap(\.delivered).filter { entry in
                guard entry.envelope.id.replica == scene.device.replica, case .contents(.seed, _) = entry.body
                else { return false }
                return true
            }.count
        }
        _ = try await scene.commit(scene.pieces[0])
        #expect(try await seeds() == 0)
        for piece in scene.pieces.dropFirst() { _ = try await scene.commit(piece) }
        #expect(try await seeds() > 100)
    }

    @Test func `rights that end between two turns end the push there`() async throws {
        let scene = try await Scene()
        let engine = scene.server.service.engine
        let device = scene.device.identity
        let linked = LinkedBatch(
            scene.batch, of: scene.device.replica, key: device.publicKey, hash: sha256)
        let turns = Turns()
        await #expect(throws: Refusal.deviceUnknown) {
            try await engine.take(
                linked, of: scene.device.replica, by: device, received: scene.server.clock.now,
                engine.environment.logger
            ) { _ in
                guard turns.next() < 2 else { throw Refusal.deviceUnknown }
                return device.device
            }
        }
        let codes = try await scene.device.verdicts(scene.entries).map(\.code)
        #expect(codes.filter { $0 == "accepted" }.count == 255)
        #expect(codes.last == "waiting 0", "it never came")
    }
}
