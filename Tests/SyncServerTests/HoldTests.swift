import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct HoldTests {
    /// A note, a change that is held, two that wait behind it, and one in another audience.
    private func scene() async throws -> (TestServer, TestDevice, [BatchEntry]) {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let entries = [
            device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "hold")]),
            device.change([TestDomain.write(note, "a")]), device.change([TestDomain.write(note, "refuse")]),
            device.change(
                in: AudienceID(family: "person", device.person), [TestDomain.create(device.record())]),
        ]
        let codes = try await device.push(entries).map(\.code)
        #expect(codes == ["accepted", "held test.held", "waiting 2", "waiting 2", "accepted"])
        return (server, device, entries)
    }

    // P-030, P-034
    @Test func `later changes wait in their audience only, and a repeat says the same`() async throws {
        let (_, device, entries) = try await scene()
        #expect(try await device.push(entries) == device.verdicts(entries))
    }

    // P-034, P-036
    @Test func `a release gives the held change a position, then those behind it in order`() async throws {
        let (server, device, entries) = try await scene()
        let received = server.clock.now
        server.clock.advance(3_600_000)
        try await server.service.release(entries[1].envelope.id)
        let verdicts = try await device.verdicts(entries)
        #expect(verdicts.map(\.code) == ["accepted", "accepted", "accepted", "test.refused", "accepted"])
        let first = try #require(verdicts[1].position)
        let second = try #require(verdicts[2].position)
        #expect(first < second)
        // Judged late, but received in time.
        #expect(verdicts[1].effective?.milliseconds == received)
        #expect(try await server.service.held().isEmpty)
        await #expect(throws: Refusal.notHeld) { try await server.service.release(entries[1].envelope.id) }
    }

    // P-034
    @Test func `a decline refuses that change alone`() async throws {
        let (server, device, entries) = try await scene()
        try await server.service.decline(entries[1].envelope.id, reason: "Too late.")
        let verdicts = try await device.verdicts(entries)
        #expect(
            verdicts.map(\.code) == ["accepted", "change.declined", "accepted", "test.refused", "accepted"])
        guard case .refused(let reason) = verdicts[1] else { return }
        #expect(reason.message == "Too late.")
        #expect(try await device.push(entries) == verdicts)
    }

    @Test func `what is held is reported with all that is needed to judge it`() async throws {
        let (server, device, entries) = try await scene()
        let report = try #require(try await server.service.held().first)
        #expect(report.change == entries[1].envelope.id)
        #expect(report.reason == TestDomain.hold)
        #expect(report.person == device.person)
        #expect(report.device == device.identity.device)
        #expect(report.waiting == 2)
        #expect(report.operations == entries[1].change?.operations)
    }

    @Test func `what is held stays held over a restart, and can be released then`() async throws {
        let (server, device, entries) = try await scene()
        try await server.reopen()
        try await server.service.release(entries[1].envelope.id)
        #expect(try await device.verdicts(entries)[2].code == "accepted")
    }

    // P-037
    @Test func `a released decision that others have overtaken is refused then`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        let create = anna.change([TestDomain.create(note)])
        let late = anna.change([TestDomain.write(note, "hold"), TestDomain.decide(note, "mine")])
        #expect(try await anna.push([create, late]).map(\.code) == ["accepted", "held test.held"])
        _ = try await bert.push([bert.change([TestDomain.decide(note, "theirs")])])
        await #expect(throws: Refusal.fieldMoved(TestDomain.state, now: .text("theirs"))) {
            try await server.service.release(late.envelope.id)
        }
        #expect(try await anna.verdicts([late]).map(\.code) == ["field.moved"])
    }
}
