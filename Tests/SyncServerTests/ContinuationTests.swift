import ChangeLog
import SyncProtocol
import Testing
import TextCRDT

@testable import SyncServer

/// A replica whose disk was copied or put back, and goes on under another id.
@Suite struct ContinuationTests {
    /// A device, a copy of it that has made other changes under the same numbers, and what both share.
    private struct Scene {
        let server: TestServer
        let original: TestDevice
        let shared: [BatchEntry]
        let note: RecordID

        init() async throws {
            server = try await TestServer()
            original = try await server.device()
            note = original.record()
            shared = [original.change([TestDomain.create(note)])]
            _ = try await original.push(shared)
        }

        func higher(_ step: UInt64 = 1) -> ReplicaID {
            ReplicaID(
                Identifier128(high: original.replica.bits.high | 1 << 63, low: UInt64.max - 100 + step))
        }

        /// The copy under its new id.
        func goOn(after number: UInt64) async throws -> TestDevice {
            let new = higher()
            try await server.service.continue(
                Continuation(
                    replica: new, continued: ChangeID(replica: original.replica, number: number)),
                by: original.identity)
            return TestDevice(
                server: server, person: original.person, key: original.key, replica: new,
                epoch: original.epoch, after: number)
        }
    }

    // P-110
    @Test func `what the copies share has its verdicts, and the rest tells that it was copied`() async throws
    {
        let scene = try await Scene()
        let copy = TestDevice(
            server: scene.server, person: scene.original.person, key: scene.original.key,
            replica: scene.original.replica, epoch: scene.original.epoch, after: 1)
        let mine = scene.original.change(in: scene.original.own, [TestDomain.create(scene.original.record())])
        _ = try await scene.original.push([mine])
        let other = copy.change(in: copy.own, [TestDomain.create(copy.record())])
        let batch = Batch(
            entries: scene.shared + [other], heads: try copy.batch([other]).heads)
        await #expect(throws: Refusal.replicaCopied) {
            try await scene.server.service.push(batch, from: copy.identity, replica: copy.replica)
        }
        let shared = try await scene.server.service.shared(
            batch, from: copy.identity, replica: copy.replica)
        #expect(shared.map(\.change) == scene.shared.map(\.envelope.id))
    }

    // P-111
    @Test func `a device gets a new replica once, which the roster tells`() async throws {
        let scene = try await Scene()
        let copy = try await scene.goOn(after: 1)
        let head = await scene.server.head()
        _ = try await scene.goOn(after: 1)
        #expect(await scene.server.head() == head, "repeated, it is written once")
        let report = try #require(
            try await scene.server.service.devices().first { $0.device == copy.identity.device })
        #expect(report.replicas == [scene.original.replica, copy.replica])
        let device = copy.identity.device
        let told = try await scene.server.service.read {
            try $0.rostered(device, Roster.deviceContinuations)?.list ?? []
        }
        #expect(
            told.compactMap(Continuation.init) == [
                Continuation(
                    replica: copy.replica,
                    continued: ChangeID(replica: scene.original.replica, number: 1))
            ])
        #expect(try await scene.server.service.verify().isSound)
    }

    // P-111
    @Test func `nobody goes on from what is not theirs, or under an id in use`() async throws {
        let scene = try await Scene()
        let bert = try await scene.server.device()
        let service = scene.server.service
        let (old, new) = (scene.original.replica, scene.higher())
        await #expect(throws: Refusal.replicaForeign) {
            try await service.continue(
                Continuation(replica: new, continued: ChangeID(replica: old, number: 1)), by: bert.identity)
        }
        for (replica, number) in [(bert.replica, UInt64(1)), (old, 1)] {
            await #expect(throws: Refusal.replicaTaken) {
                try await service.continue(
                    Continuation(replica: replica, continued: ChangeID(replica: old, number: number)),
                    by: scene.original.identity)
            }
        }
        for step in 1...UInt64(ContinuationLimits.replicas - 1) {
            try await service.continue(
                Continuation(
                    replica: scene.higher(step), continued: ChangeID(replica: old, number: 1)),
                by: scene.original.identity)
        }
        await #expect(throws: Refusal.replicaTooMany) {
            try await service.continue(
                Continuation(replica: scene.higher(90), continued: ChangeID(replica: old, number: 1)),
                by: scene.original.identity)
        }
    }

    // P-112
    @Test func `numbers go on behind those of the continued replica`() async throws {
        let scene = try await Scene()
        let copy = try await scene.goOn(after: 1)
        let low = TestDevice(
            server: scene.server, person: copy.person, key: copy.key, replica: copy.replica,
            epoch: copy.epoch)
        let entry = low.change(in: low.own, [TestDomain.create(low.record())])
        await #expect(throws: Refusal.chainBroken) { try await low.push([entry]) }
    }

    // P-112
    @Test func `what it continues counts as seen, whatever its position`() async throws {
        let scene = try await Scene()
        let (original, note) = (scene.original, scene.note)
        let text = TextCheck.empty
        let first = original.change([
            .edit(note, TestDomain.body, check: text, [.insert(at: 0, text: "een")]),
            TestDomain.decide(note, "first"),
        ])
        _ = try await original.push([first])
        let apart = original.change([
            .edit(note, TestDomain.body, check: TextCheck([first.envelope.id]), [.insert(at: 3, text: "!")])
        ])
        _ = try await original.push([apart])
        let copy = try await scene.goOn(after: 2)
        // On the view of nothing but its own, which number 2 is part of and number 3 is not.
        let second = copy.change(
            seen: .origin, own: 2,
            [
                .edit(
                    note, TestDomain.body, check: TextCheck([first.envelope.id]),
                    [.insert(at: 3, text: "s")]),
                TestDomain.decide(note, "second"),
            ])
        #expect(try await copy.push([second]).map(\.code) == ["accepted"])
        #expect(try await scene.server.service.verify().isSound)
    }

    // P-113
    @Test func `it waits behind what it continues, and goes on when that is released`() async throws {
        let scene = try await Scene()
        let (original, note) = (scene.original, scene.note)
        let late = original.change([TestDomain.write(note, "hold")])
        #expect(try await original.push([late]).map(\.code) == ["held test.held"])
        let copy = try await scene.goOn(after: 2)
        let behind = copy.change([TestDomain.write(note, "a")])
        let beside = copy.change(in: copy.own, [TestDomain.create(copy.record())])
        #expect(try await copy.push([behind, beside]).map(\.code) == ["waiting 2", "accepted"])
        #expect(try await scene.server.service.verify().isSound)
        try await scene.server.service.release(late.envelope.id)
        let verdicts = try await copy.verdicts([behind])
        #expect(verdicts.map(\.code) == ["accepted"])
        let released = try #require(try await original.verdicts([late])[0].position)
        #expect(try #require(verdicts[0].position) > released)
        #expect(try await scene.server.service.verify().isSound)
    }

    // P-113
    @Test func `what the original does later it does not wait for`() async throws {
        let scene = try await Scene()
        let copy = try await scene.goOn(after: 1)
        let late = scene.original.change([TestDomain.write(scene.note, "hold")])
        #expect(try await scene.original.push([late]).map(\.code) == ["held test.held"])
        let entry = copy.change([TestDomain.write(scene.note, "a")])
        #expect(try await copy.push([entry]).map(\.code) == ["accepted"])
    }
}
