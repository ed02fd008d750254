import ChangeLog
import Cryptography
import SyncProtocol
import Testing
import TextCRDT

@testable import SyncServer

@Suite struct VerdictTests {
    // P-015, P-030
    @Test func `an accepted change gets the next position, and the same again when it is pushed again`()
        async throws
    {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let head = await server.head()
        let entries = [
            device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "a")]),
        ]
        let first = try await device.push(entries)
        #expect(first.map(\.position) == [Position(head.value + 1), Position(head.value + 2)])
        #expect(try await device.push(entries) == first)
        #expect(try await device.verdicts(entries) == first)
        #expect(await server.head() == Position(head.value + 2))
    }

    @Test func `a refused change does not stop those that follow`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let entries = [
            device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "refuse")]),
            device.change([TestDomain.write(note, "b")]),
        ]
        let verdicts = try await device.push(entries)
        #expect(verdicts.map(\.code) == ["accepted", "test.refused", "accepted"])
        #expect(try await device.push(entries) == verdicts)
    }

    /// Regression 15. What an old program recorded is judged like all else.
    @Test func `a change of an older schema is admitted`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let entry = device.change(schema: 1, [TestDomain.create(device.record())])
        #expect(try await device.push([entry]).map(\.code) == ["accepted"])
    }

    // P-033
    /// Regression 21.
    @Test func `a base of another epoch or in the future is refused`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let head = await server.head()
        let entries = [
            device.change(epoch: Epoch(7), [TestDomain.create(device.record())]),
            device.change(seen: Position(head.value + 1), [TestDomain.create(device.record())]),
            device.change(seen: head, [TestDomain.create(device.record())]),
        ]
        #expect(
            try await device.push(entries).map(\.code) == ["base.epoch", "base.future", "accepted"])
    }

    // P-022
    @Test func `a stub is refused as withdrawn, and its chain goes on`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        var stub = device.change([TestDomain.create(note)])
        guard let change = stub.change else { return }
        stub.body = .commitment(Chain.commitment(of: change, hash: sha256))
        let next = device.change([TestDomain.create(note)])
        #expect(try await device.push([stub, next]).map(\.code) == ["change.withdrawn", "accepted"])
    }

    // P-007
    @Test func `a record with a key has the id of that key, and is created once for all`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let key = RecordKey([.text("one")])
        let id = key.record(kind: TestDomain.note, hash: sha256)
        func create(_ id: RecordID, _ key: RecordKey?) -> [Operation] {
            [.create(id, kind: TestDomain.note, parent: nil, key: key)]
        }
        let codes = try await anna.push([
            anna.change(create(anna.record(), key)), anna.change(create(id, key)),
            anna.change(create(id, key)), anna.change(create(id, nil)),
            anna.change([.create(anna.record(), kind: TestDomain.note, parent: anna.record(), key: nil)]),
        ]).map(\.code)
        #expect(codes == ["record.key", "accepted", "accepted", "record.exists", "record.parent"])
        #expect(try await bert.push([bert.change(create(id, key))]).map(\.code) == ["accepted"])
    }

    // P-038
    @Test func `what does not exist cannot be changed`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let codes = try await device.push([
            device.change([TestDomain.write(device.record(), "a")])
        ]).map(\.code)
        #expect(codes == ["record.unknown"])
    }

    // P-009, P-038
    @Test func `a known field keeps its policy, an unknown one is let through`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let codes = try await device.push([
            device.change([TestDomain.create(note)]),
            device.change([.write(note, TestDomain.title, .quiet, .text("a"))]),
            device.change([.insert(note, TestDomain.title, .text("a"))]),
            device.change([.insert(note, TestDomain.tags, .text("a"))]),
            device.change([.write(note, "later", .quiet, .text("a"))]),
        ]).map(\.code)
        #expect(codes == ["accepted", "field.policy", "field.policy", "accepted", "accepted"])
    }

    @Test func `who may not read an audience learns nothing of it from a refusal`() async throws {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let audience = AudienceID(family: "team", team)
        let (member, outsider) = (try await server.device(team: team), try await server.device())
        let note = member.record()
        _ = try await member.push([
            member.change(in: audience, [TestDomain.create(note), TestDomain.decide(note, "secret")])
        ])
        let verdicts = try await outsider.push([
            outsider.change(in: audience, [TestDomain.decide(note, "guess")]),
            outsider.change(in: audience, [TestDomain.create(note)]),
            outsider.change(in: audience, [TestDomain.write(outsider.record(), "a")]),
        ])
        #expect(verdicts == Array(repeating: .refused(TestDomain.refusal), count: 3))
    }

    // P-026
    @Test func `a device record is the server's alone`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let own = device.identity.device
        let codes = try await device.push([
            device.change([.write(own, Roster.deviceStanding, .decided, .text(Roster.lost))]),
            device.change([.create(device.record(), kind: Roster.device, parent: nil, key: nil)]),
        ]).map(\.code)
        #expect(codes == ["roster.server", "roster.server"])
    }

    // P-037
    @Test func `a decided field is decided anew only by who has seen its value`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        let first = try await anna.push([
            anna.change([TestDomain.create(note), TestDomain.decide(note, "open")])
        ])
        let seen = try #require(first[0].position)
        let blind = bert.change([TestDomain.decide(note, "closed")])
        let same = bert.change([TestDomain.decide(note, "open")])
        #expect(try await bert.push([blind, same]).map(\.code) == ["field.moved", "accepted"])
        // Bert's write of the same value holds it now, which Anna has not seen.
        let stale = anna.change(seen: seen, [TestDomain.decide(note, "closed")])
        #expect(try await anna.push([stale]).map(\.code) == ["field.moved"])
        let fresh = anna.change(seen: await server.head(), [TestDomain.decide(note, "closed")])
        #expect(try await anna.push([fresh]).map(\.code) == ["accepted"])
        let value = try await server.service.read {
            try $0.decided(note, TestDomain.state, in: fresh.envelope.audience)
        }
        #expect(value == .text("closed"))
    }

    // P-009
    @Test func `a fact is the word of the audience that is asked`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        for (device, audience, word) in [
            (bert, bert.own, "forged"), (anna, Roster.audience, "open"), (bert, bert.own, "forged anew"),
        ] {
            let changes = [
                device.change(in: audience, [TestDomain.create(note)]),
                device.change(
                    in: audience, seen: await server.head(), [TestDomain.decide(note, word)]),
            ]
            #expect(try await device.push(changes).map(\.code) == ["accepted", "accepted"])
        }
        let audiences = [Roster.audience, bert.own, anna.own]
        let words = try await server.service.read { facts in
            try audiences.map { try facts.decided(note, TestDomain.state, in: $0)?.text }
        }
        #expect(words == ["open", "forged anew", nil])
    }

    @Test func `a decided field may follow its author's own pending write`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let codes = try await device.push([
            device.change([TestDomain.create(note), TestDomain.decide(note, "a")]),
            device.change([TestDomain.decide(note, "b")]),
            device.change(own: 1, [TestDomain.decide(note, "c")]),
        ]).map(\.code)
        #expect(codes == ["accepted", "accepted", "field.moved"])
    }

    // P-039
    @Test func `a resolution keeps only what was accepted in its audience and seen by its author`()
        async throws
    {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        func keep(_ kept: BatchEntry) -> [Operation] {
            let change = kept.envelope.id
            return [.resolve(note, TestDomain.title, .register, .keep(change), settling: [change])]
        }
        let accepted = anna.change([TestDomain.create(note), TestDomain.write(note, "a")])
        let refused = anna.change([TestDomain.write(note, "refuse")])
        let own = anna.change([TestDomain.write(note, "b")])
        let elsewhere = anna.change(
            in: AudienceID(family: "person", anna.person),
            [TestDomain.create(note), TestDomain.write(note, "c")])
        let first = try await anna.push([
            accepted, refused, own, elsewhere, anna.change(keep(refused)), anna.change(keep(elsewhere)),
            anna.change(keep(own)),
        ])
        #expect(
            first.map(\.code) == [
                "accepted", "test.refused", "accepted", "accepted", "resolution.candidate",
                "resolution.candidate", "accepted",
            ])
        let codes = try await bert.push([
            bert.change(keep(accepted)), bert.change(seen: await server.head(), keep(accepted)),
        ]).map(\.code)
        #expect(codes == ["resolution.candidate", "accepted"])
    }

    // P-008
    @Test func `a text edit stands on exactly the version that its base describes`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        func edit(_ seen: [BatchEntry]) -> Operation {
            .edit(
                note, TestDomain.body, check: TextCheck(seen.map(\.envelope.id)), [.insert(at: 0, text: "x")])
        }
        let create = anna.change([TestDomain.create(note)])
        let a1 = anna.change([edit([])])
        let a2 = anna.change([edit([a1])])
        _ = try await anna.push([create, a1, a2])
        let middle = try #require(try await anna.verdicts([a1])[0].position)
        let b1 = bert.change(seen: middle, [edit([a1])])
        let b2 = bert.change(seen: middle, [edit([a1])])
        let b3 = bert.change(seen: middle, [edit([a1, b1])])
        #expect(try await bert.push([b1, b2, b3]).map(\.code) == ["accepted", "text.version", "accepted"])
        let b4 = bert.change(seen: await server.head(), [edit([a1, a2, b1, b3])])
        #expect(try await bert.push([b4]).map(\.code) == ["accepted"])
    }

    // P-061
    @Test func `a change larger than the limit is refused, and the next one goes on`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let text = String(repeating: "x", count: Limits.textBytes)
        let codes = try await device.push([
            device.change([TestDomain.create(note)]),
            device.change((0..<3).map { _ in TestDomain.write(note, text) }),
            device.change([TestDomain.write(note, "b")]),
        ]).map(\.code)
        #expect(codes == ["accepted", "change.tooLarge", "accepted"])
    }

    // P-036
    @Test func `the effective time is the receipt for a clock ahead, and never goes back`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let now = server.clock.now
        let year: Int64 = 365 * 86_400_000
        let verdicts = try await device.push([
            device.change(at: now - 5000, [TestDomain.create(device.record())]),
            device.change(at: now + year, [TestDomain.create(device.record())]),
            device.change(at: now - 9000, [TestDomain.create(device.record())]),
        ])
        #expect(verdicts.map { $0.effective?.milliseconds } == [now - 5000, now, now])
        // In another audience the clock starts again.
        let other = try await device.push([
            device.change(
                in: AudienceID(family: "person", device.person), at: now - 9000,
                [TestDomain.create(device.record())])
        ])
        #expect(other.map { $0.effective?.milliseconds } == [now - 9000])
    }
}
