import ChangeLog
import Cryptography
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct ChainTests {
    // P-030
    @Test func `a copied replica is told so, and nothing of its batch is kept`() async throws {
        let server = try await TestServer()
        let original = try await server.device()
        let copy = TestDevice(
            server: server, person: original.person, key: original.key, replica: original.replica,
            epoch: original.epoch)
        let shared = original.record()
        _ = try await original.push([original.change([TestDomain.create(shared)])])
        let head = await server.head()
        let entries = [
            copy.change([TestDomain.create(copy.record())]), copy.change([TestDomain.create(copy.record())]),
        ]
        await #expect(throws: Refusal.replicaCopied) { try await copy.push(entries) }
        #expect(await server.head() == head)
    }

    @Test func `a number that a whole chain skipped cannot come later`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let copy = TestDevice(
            server: server, person: device.person, key: device.key, replica: device.replica,
            epoch: device.epoch)
        _ = copy.change(in: AudienceID(family: "person", device.person), [])
        _ = device.change(in: AudienceID(family: "person", device.person), [])
        _ = device.change(in: AudienceID(family: "person", device.person), [])
        _ = try await device.push([device.change([TestDomain.create(device.record())])])
        let second = copy.change([TestDomain.create(copy.record())])
        await #expect(throws: Refusal.replicaCopied) { try await copy.push([second]) }
    }

    @Test func `a replica of another device, and one that nobody enrolled, are turned away`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let batch = try anna.batch([anna.change([TestDomain.create(anna.record())])])
        await #expect(throws: Refusal.replicaForeign) {
            try await server.service.push(batch, from: bert.identity, replica: anna.replica)
        }
        await #expect(throws: Refusal.replicaForeign) {
            try await server.service.push(batch, from: bert.identity, replica: bert.replica)
        }
        await #expect(throws: Refusal.replicaForeign) {
            try await server.service.verdicts(of: [batch.entries[0].envelope.id], for: bert.identity)
        }
    }

    // P-011
    @Test func `a chain without the device's signature is not taken`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let entry = anna.change([TestDomain.create(anna.record())])
        var batch = try anna.batch([entry])
        let good = batch.heads
        batch.heads = []
        await #expect(throws: Refusal.chainUnsigned) { try await anna.push(batch) }
        let hash = Chain.link(previous: .zero, inner: entry.inner(hash: sha256), hash: sha256)
        batch.heads = [
            SignedHead(
                replica: anna.replica, audience: Roster.audience, links: [],
                signature: try bert.key.sign(SignedHead.message(hash)))
        ]
        await #expect(throws: Refusal.chainUnsigned) { try await anna.push(batch) }
        batch.heads = good
        #expect(try await anna.push(batch).map(\.code) == ["accepted"])
    }

    // P-035
    @Test func `changes after a gap wait, and are judged in order when it closes`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let create = device.change([TestDomain.create(note)])
        let missing = device.change([TestDomain.write(note, "a")])
        let later = [
            device.change([TestDomain.write(note, "b")]), device.change([TestDomain.write(note, "c")]),
        ]
        #expect(try await device.push([create]).map(\.code) == ["accepted"])
        let waiting = try await device.push(later)
        #expect(waiting.map(\.code) == ["waiting 0", "waiting 3"])
        #expect(try await device.push(later) == waiting)
        server.clock.advance(60_000)
        #expect(try await device.push([missing]).map(\.code) == ["accepted"])
        let verdicts = try await device.verdicts([create, missing] + later)
        let positions = try verdicts.map { try #require($0.position) }
        #expect(positions == positions.sorted())
        #expect(verdicts.map(\.code) == ["accepted", "accepted", "accepted", "accepted"])
    }

    // P-035
    @Test func `a gap in one audience does not stop another`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let own = AudienceID(family: "person", device.person)
        _ = device.change([TestDomain.create(device.record())])
        let later = device.change([TestDomain.create(device.record())])
        let elsewhere = device.change(in: own, [TestDomain.create(device.record())])
        #expect(try await device.push([later, elsewhere]).map(\.code) == ["waiting 0", "accepted"])
    }

    // P-061
    @Test func `a replica can let no more changes wait than the limit`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        _ = device.change([])
        let most = IntakeLimits.waitingChanges
        let entries = (0...most).map { _ in device.change([]) }
        for start in stride(from: 0, to: most, by: ProtocolLimits.batchEntries) {
            _ = try await device.push(Array(entries[start..<min(start + ProtocolLimits.batchEntries, most)]))
        }
        await #expect(throws: Refusal.queueFull) { try await device.push([entries[most]]) }
        #expect(
            try await device.push(Array(entries.prefix(3))).map(\.code) == [
                "waiting 0", "waiting 2", "waiting 2",
            ])
        // As many as may wait do, and what waits for nothing still gets its place.
        let own = AudienceID(family: "person", device.person)
        let elsewhere = device.change(in: own, [TestDomain.create(device.record())])
        #expect(try await device.push([elsewhere]).map(\.code) == ["accepted"])
        await #expect(throws: Refusal.queueFull) { try await device.push([entries[most]]) }
    }

    @Test func `nor do they take more bytes than the limit`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        _ = device.change([])
        let text = TestDomain.write(device.record(), String(repeating: "x", count: Limits.textBytes))
        let most = IntakeLimits.waitingBytes / Limits.textBytes - 1
        let entries = (0...most).map { _ in device.change([text]) }
        for start in stride(from: 0, to: most, by: 9) {
            _ = try await device.push(Array(entries[start..<min(start + 9, most)]))
        }
        await #expect(throws: Refusal.queueFull) { try await device.push([entries[most]]) }
        #expect(try await device.verdicts([entries[most]]).map(\.code) == ["waiting 0"])
    }

    @Test func `an unknown change is waiting behind 0`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entry = device.change([TestDomain.create(device.record())])
        #expect(try await device.verdicts([entry]).map(\.code) == ["waiting 0"])
    }
}
