import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct GroupTests {
    private func own(_ device: TestDevice) -> AudienceID { AudienceID(family: "person", device.person) }

    // P-006
    @Test func `a group gets adjacent positions`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let group = device.group([
            (Roster.audience, [TestDomain.create(device.record())]),
            (own(device), [TestDomain.create(device.record())]),
        ])
        let verdicts = try await device.push(group)
        let positions = try verdicts.map { try #require($0.position) }
        #expect(positions[1].value == positions[0].value + 1)
        #expect(try await device.push(group) == verdicts)
    }

    // P-006
    @Test func `a group is refused whole, and leaves no trace`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let head = await server.head()
        let note = device.record()
        let group = device.group([
            (Roster.audience, [TestDomain.create(note)]),
            (own(device), [TestDomain.write(device.record(), "a")]),
        ])
        let after = device.change([TestDomain.write(note, "b")])
        #expect(
            try await device.push(group + [after]).map(\.code)
                == ["group.member", "record.unknown", "record.unknown"])
        #expect(await server.head() == head)
    }

    // P-135
    @Test func `what a rule holds in a group is not hidden by that its device was retired`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let (one, other) = (device.record(), device.record())
        let group = device.group([
            (own(device), [TestDomain.create(other)]),
            (own(device), [TestDomain.create(one), TestDomain.write(one, "hold")]),
        ])
        let behind = device.change(in: own(device), [TestDomain.write(other, "a")])
        let alone = device.record()
        try await server.service.revoke(device: device.identity.device, lost: false)
        let free = device.change([TestDomain.create(alone)])
        let verdicts = try await device.push(group + [behind, free])
        #expect(
            verdicts.map(\.code)
                == ["held test.held", "held test.held", "waiting 1", "held change.deviceRevoked"])
        #expect(try await server.service.release(free.envelope.id, handedIn: true).accepted == 1)
        let later = try await device.verdicts(group + [behind, free])
        #expect(later.map(\.code) == ["held test.held", "held test.held", "waiting 1", "accepted"])
        #expect(try await server.service.release(group[0].envelope.id, handedIn: true).accepted == 3)
        #expect(try await server.service.verify().isSound)
    }

    // P-034
    @Test func `a held group blocks each of its audiences, and is released whole`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let (one, other) = (device.record(), device.record())
        let group = device.group([
            (Roster.audience, [TestDomain.create(one), TestDomain.write(one, "hold")]),
            (own(device), [TestDomain.create(other)]),
        ])
        let after = [
            device.change([TestDomain.write(one, "a")]),
            device.change(in: own(device), [TestDomain.write(other, "a")]),
        ]
        let verdicts = try await device.push(group + after)
        #expect(verdicts.map(\.code) == ["held test.held", "held test.held", "waiting 1", "waiting 2"])
        try await server.service.release(group[1].envelope.id)
        let released = try await device.verdicts(group + after)
        #expect(released.allSatisfy { $0.position != nil })
    }

    @Test func `in a released group the effective time does not go back either`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let now = server.clock.now
        let note = device.record()
        let members = (0..<2).map { index in
            device.change(
                own: 0, at: now - Int64(index) * 1000, group: ChangeGroup(index: UInt8(index), count: 2),
                index == 0
                    ? [TestDomain.create(note), TestDomain.write(note, "hold")]
                    : [TestDomain.write(note, "b")])
        }
        #expect(try await device.push(members).map(\.code) == ["held test.held", "held test.held"])
        try await server.service.release(members[0].envelope.id)
        #expect(try await device.verdicts(members).map { $0.effective?.milliseconds } == [now, now])
        #expect(try await server.service.verify().isSound)
    }

    @Test func `a refusal outweighs a hold in one group`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let group = device.group([
            (Roster.audience, [TestDomain.create(note), TestDomain.write(note, "hold")]),
            (own(device), [TestDomain.write(device.record(), "a")]),
        ])
        #expect(try await device.push(group).map(\.code) == ["group.member", "record.unknown"])
    }

    @Test func `a group with the links that lead to it fits into a frame, or is refused`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let text = String(repeating: "x", count: Limits.textBytes - 5000)
        func group() -> [BatchEntry] {
            device.group([
                (Roster.audience, [TestDomain.write(note, text)]),
                (own(device), [TestDomain.create(device.record()), TestDomain.write(note, text)]),
            ])
        }
        let create = [
            device.change([TestDomain.create(note)]),
            device.change(in: own(device), [TestDomain.create(note)]),
        ]
        #expect(try await device.push(create).map(\.code) == ["accepted", "accepted"])
        // 400 links take more than what the contents leave of 2 MiB.
        let refused = (0..<400).map { _ in device.change([TestDomain.write(note, "refuse")]) }
        #expect(try await device.push(refused).allSatisfy { $0.code == "test.refused" })
        #expect(try await device.push(group()).map(\.code) == ["group.tooLarge", "group.member"])
        let between = device.change([TestDomain.write(note, "a")])
        #expect(try await device.push([between]).map(\.code) == ["accepted"])
        #expect(try await device.push(group()).map(\.code) == ["accepted", "accepted"])
        for frame in try await device.frames() {
            #expect(frame.bytes.count <= ProtocolLimits.frameBytes)
        }
    }

    @Test func `a group waits until all of it has come`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let group = device.group([
            (Roster.audience, [TestDomain.create(device.record())]),
            (own(device), [TestDomain.create(device.record())]),
        ])
        #expect(try await device.push([group[1]]).map(\.code) == ["waiting 0"])
        #expect(try await device.push([group[0]]).map(\.code) == ["accepted"])
        #expect(try await device.verdicts(group).map(\.code) == ["accepted", "accepted"])
    }

    // P-006
    @Test func `a group whose other members are something else is refused`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let torn = device.change(group: ChangeGroup(index: 0, count: 2), [TestDomain.create(device.record())])
        let next = device.change([TestDomain.create(device.record())])
        #expect(try await device.push([torn, next]).map(\.code) == ["group.broken", "accepted"])
    }
}
