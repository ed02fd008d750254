import ChangeLog
import Cryptography
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct RosterTests {
    private func enrol(
        _ server: TestServer, _ invitation: Invitation, _ key: PublicKey, _ replica: ReplicaID,
        name: String = "laptop"
    ) async throws -> EnrolledDevice {
        try await server.service.enrol(
            Enrolment(secret: invitation.secret, publicKey: key, replica: replica, deviceName: name))
    }

    @Test func `the server's own device is the first change in everyone`() async throws {
        let server = try await TestServer()
        #expect(await server.head() == Position(1))
        let devices = try await server.service.devices()
        #expect(devices.map(\.device) == [Engine.device(of: server.key.publicKey)])
        #expect(devices.map(\.replicas) == [[server.service.replica]])
        #expect(devices.map(\.person) == [nil])
    }

    @Test func `an invitation enrols one device, and answers it again the same`() async throws {
        let server = try await TestServer()
        let person = try await server.person("Anna")
        let invitation = try await server.service.invite(person: person, validMilliseconds: 1000)
        let key = try PrivateKey.generate().publicKey
        let replica = ReplicaID(server.clock.bits())
        let first = try await enrol(server, invitation, key, replica)
        server.clock.advance(5000)
        let head = await server.head()
        #expect(try await enrol(server, invitation, key, replica) == first)
        #expect(await server.head() == head)
        #expect(first.person == person)
        let identity = try await server.service.device(publicKey: key)
        #expect(identity == DeviceIdentity(device: first.device, person: person, publicKey: key))
        let other = try PrivateKey.generate().publicKey
        await #expect(throws: Refusal.enrolmentUsed) {
            try await enrol(server, invitation, other, ReplicaID(server.clock.bits()))
        }
    }

    @Test func `each bad enrolment is told what is wrong, and enrols nobody`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let key = try PrivateKey.generate().publicKey
        let replica = ReplicaID(server.clock.bits())
        let head = await server.head()
        let unknown = Invitation(secret: server.clock.bits(), expiresMilliseconds: 0)
        await #expect(throws: Refusal.enrolmentUnknown) { try await enrol(server, unknown, key, replica) }
        let invitation = try await server.service.invite(person: device.person, validMilliseconds: 1000)
        #expect(invitation.expiresMilliseconds == server.clock.now + 1000)
        await #expect(throws: Refusal.enrolmentDevice) {
            try await enrol(server, invitation, device.key.publicKey, replica)
        }
        await #expect(throws: Refusal.enrolmentReplica) {
            try await enrol(server, invitation, key, device.replica)
        }
        await #expect(throws: Refusal.enrolmentName) {
            try await enrol(server, invitation, key, replica, name: "")
        }
        server.clock.advance(1000)
        await #expect(throws: Refusal.enrolmentExpired) { try await enrol(server, invitation, key, replica) }
        await #expect(throws: Refusal.enrolmentPerson) {
            try await server.service.invite(person: RecordID(server.clock.bits()), validMilliseconds: 1)
        }
        #expect(await server.head() == head)
        await #expect(throws: Refusal.deviceUnknown) { try await server.service.device(publicKey: key) }
    }

    @Test func `a person may have several devices`() async throws {
        let server = try await TestServer()
        let first = try await server.device()
        let second = try await server.device(of: first.person)
        let own = AudienceID(family: "person", first.person)
        let entry = first.change(in: own, [TestDomain.create(first.record())])
        _ = try await first.push([entry])
        var reader = TestReader(second)
        try reader.take(try await second.frames())
        #expect(reader.entries.contains { $0.envelope.id == entry.envelope.id })
    }

    @Test func `the server knows what a device holds until it confirms the purge`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let own = AudienceID(family: "person", device.person)
        _ = try await device.push([device.change(in: own, [TestDomain.create(device.record())])])
        func report() async throws -> DeviceReport {
            let reports = try await server.service.devices()
            return try #require(reports.first { $0.device == device.identity.device })
        }
        #expect(try await report().lastSeenMilliseconds == nil)
        _ = try await device.frames()
        let seen = try await report()
        #expect(seen.audiences == [Roster.audience, own])
        #expect(seen.lastSeenMilliseconds == server.clock.now)
        #expect(seen.name == "laptop")
        try await server.service.purged([own], by: device.identity)
        #expect(try await report().audiences == [Roster.audience])
    }

    @Test func `what changes nothing has no turn at the writer`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        _ = try await device.frames()
        func transactions() async -> Int { await server.service.engine.queue.transactions }
        let before = await transactions()
        let enrolment = Enrolment(
            secret: server.clock.bits(), publicKey: try PrivateKey.generate().publicKey,
            replica: ReplicaID(server.clock.bits()), deviceName: "laptop")
        await #expect(throws: Refusal.enrolmentUnknown) { try await server.service.enrol(enrolment) }
        let others = (0..<100).map { _ in AudienceID(family: "person", RecordID(server.clock.bits())) }
        try await server.service.purged(others, by: device.identity)
        #expect(await transactions() == before)
        try await server.service.purged(others + [Roster.audience], by: device.identity)
        #expect(await transactions() == before + 1)
    }

    @Test func `several changes of the server are one group`() async throws {
        let server = try await TestServer()
        let (one, two) = (RecordID(server.clock.bits()), RecordID(server.clock.bits()))
        let team = AudienceID(family: "team", one)
        let verdicts = try await server.service.author([
            (Roster.audience, [TestDomain.create(one)]), (team, [TestDomain.create(two)]),
            (Roster.audience, [TestDomain.write(one, "a")]),
        ])
        let positions = try verdicts.map { try #require($0.verdict.position).value }
        #expect(positions == Array(positions[0]..<positions[0] + 3))
        #expect(try await server.service.verify().isSound)
        let broken = try await server.service.author([
            (Roster.audience, [TestDomain.create(RecordID(server.clock.bits()))]),
            (Roster.audience, [TestDomain.write(two, "a")]),
        ])
        #expect(broken.map(\.verdict.code) == ["group.member", "record.unknown"])
    }

    @Test func `the server and an unknown device cannot be revoked`() async throws {
        let server = try await TestServer()
        for device in [Engine.device(of: server.key.publicKey), RecordID(server.clock.bits())] {
            await #expect(throws: Refusal.deviceUnknown) {
                try await server.service.revoke(device: device, lost: true)
            }
        }
    }

    @Test func `a record of the same id elsewhere does not speak for the roster`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let own = AudienceID(family: "person", device.person)
        let id = device.identity.device
        let codes = try await device.push([
            device.change(
                in: own,
                [
                    .create(id, kind: TestDomain.note, parent: nil, key: nil),
                    .write(id, Roster.deviceStanding, .decided, .text(Roster.lost)),
                    .write(id, Roster.devicePerson, .decided, .record(device.record())),
                ])
        ]).map(\.code)
        #expect(codes == ["accepted"])
        #expect(try await server.service.device(publicKey: device.key.publicKey) == device.identity)
    }
}
