import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct PullTests {
    // P-012, P-025, P-040, P-044
    @Test func `a new device is granted what its person may read, the roster first, and can check it all`()
        async throws
    {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let anna = try await server.device(team: team)
        let bert = try await server.device()
        _ = try await anna.push([
            anna.change(in: AudienceID(family: "person", anna.person), [TestDomain.create(anna.record())]),
            anna.change(in: AudienceID(family: "team", team), [TestDomain.create(anna.record())]),
            anna.change([TestDomain.create(anna.record())]),
        ])
        var reader = TestReader(anna)
        try reader.take(try await anna.frames())
        #expect(Set(reader.entries.map(\.envelope.audience.family)) == ["everyone", "person", "team"])
        #expect(reader.entries.first?.envelope.audience == Roster.audience)
        #expect(reader.entries.count == Int(await server.head().value))
        #expect(reader.actions.last == .current(await server.head()))
        #expect(reader.cursor == (await server.head()))
        #expect(reader.held.values.allSatisfy { $0.have == $0.end })

        var other = TestReader(bert)
        try other.take(try await bert.frames())
        #expect(Set(other.entries.map(\.envelope.audience)) == [Roster.audience])
    }

    // P-015
    @Test func `a second exchange brings what is new, and nothing twice`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        var reader = TestReader(device)
        try reader.take(try await device.frames())
        let entry = device.change([TestDomain.create(device.record())])
        _ = try await device.push([entry])
        let before = reader.entries.count
        for try await frame in reader.resume(device) { try reader.take(frame) }
        #expect(reader.entries.dropFirst(before).map(\.envelope.id) == [entry.envelope.id])
    }

    // P-040, P-061
    @Test func `a lane that was cut off goes on where it was, in batches within their limits`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let count = 2 * ProtocolLimits.batchEntries + 500
        for _ in 0..<count / 500 {
            _ = try await device.push(
                (0..<500).map { _ in device.change([TestDomain.create(device.record())]) })
        }
        var reader = TestReader(device)
        var deliveries = 0
        for try await frame in device.pull() {
            try reader.take(frame)
            if !frame.delivered.isEmpty { deliveries += 1 }
            if deliveries == 2 { break }
        }
        let first = reader.entries.count
        #expect(first < count)
        for try await frame in reader.resume(device) {
            #expect(frame.delivered.count <= ProtocolLimits.batchEntries)
            try reader.take(frame)
        }
        #expect(reader.entries.count == Int(await server.head().value))
        #expect(Set(reader.entries.map(\.envelope.id)).count == reader.entries.count)
    }

    // P-006
    @Test func `no batch ends inside a group`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let own = AudienceID(family: "person", device.person)
        _ = device.change([TestDomain.create(device.record())])
        for _ in 0..<20 {
            let groups = (0..<20).flatMap { _ in
                device.group([
                    (own, [TestDomain.create(device.record())]), (own, [TestDomain.create(device.record())]),
                    (own, [TestDomain.create(device.record())]),
                ])
            }
            _ = try await device.push(groups)
        }
        var reader = TestReader(device)
        for try await frame in device.pull() {
            try reader.take(frame)
            guard let last = frame.delivered.last?.envelope.group else { continue }
            #expect(last.index == last.count - 1)
        }
        #expect(reader.held[own]?.have == (await server.head()))
    }

    @Test func `a lane that is said to end inside a group ends there`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let text = String(repeating: "x", count: 900_000)
        let (first, second) = (device.record(), device.record())
        let verdicts = try await device.push(
            [device.change([TestDomain.create(first), TestDomain.write(first, text)])]
                + device.group([
                    (Roster.audience, [TestDomain.create(second), TestDomain.write(second, text)]),
                    (Roster.audience, [TestDomain.write(first, text)]),
                ]))
        let inside = try #require(verdicts[1].position)
        let lane = Want.Held(audience: Roster.audience, have: .origin, end: inside)
        let frames = try await device.frames(cursor: await server.head(), held: [lane])
        let last = frames.flatMap(\.delivered).last?.placement?.position
        #expect(last == inside)
    }

    // P-040
    @Test func `after a long absence a lane brings nothing of a device that the roster has not named yet`()
        async throws
    {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let audience = AudienceID(family: "team", team)
        let (anna, bert) = (try await server.device(), try await server.device())
        var reader = TestReader(bert)
        try reader.take(try await bert.frames())
        for _ in 0..<3 {
            _ = try await anna.push(
                (0..<500).map { _ in anna.change([TestDomain.create(anna.record())]) })
        }
        let carla = try await server.device(team: team)
        let entry = carla.change(in: audience, [TestDomain.create(carla.record())])
        _ = try await carla.push([entry])
        try await server.move(bert.person, to: team)
        // The reader asks for the key of each signature when it comes.
        for try await frame in reader.resume(bert) { try reader.take(frame) }
        #expect(reader.entries.contains { $0.envelope.id == entry.envelope.id })
        #expect(reader.held[audience]?.have == reader.held[audience]?.end)
    }

    @Test func `large changes come in batches that fit a frame`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let text = String(repeating: "x", count: 900_000)
        let note = device.record()
        _ = try await device.push(
            [device.change([TestDomain.create(note)])]
                + (0..<4).map { _ in device.change([TestDomain.write(note, text)]) })
        var reader = TestReader(device)
        for try await frame in device.pull() {
            #expect(frame.bytes.count < ProtocolLimits.frameBytes)
            try reader.take(frame)
        }
        #expect(reader.entries.count == Int(await server.head().value))
    }

    // P-023, P-025
    @Test func `refused and held changes leave links behind, and their salts are not given away`()
        async throws
    {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let entries = [
            device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "refuse")]),
            device.change([TestDomain.write(note, "a")]), device.change([TestDomain.write(note, "hold")]),
            device.change([TestDomain.write(note, "b")]),
        ]
        _ = try await device.push(entries)
        var reader = TestReader(device)
        try reader.take(try await device.frames())
        let own = reader.entries.filter { $0.envelope.id.replica == device.replica }
        #expect(own.map(\.envelope.id.number) == [1, 3])
        #expect(own.map(\.links.count) == [0, 1])
        for entry in own {
            guard case .contents(.plain, _) = entry.body else {
                Issue.record("\(entry.envelope.id) tells its seed")
                continue
            }
        }
        try await server.service.release(entries[3].envelope.id)
        for try await frame in reader.resume(device) { try reader.take(frame) }
        let all = reader.entries.filter { $0.envelope.id.replica == device.replica }
        #expect(all.map(\.envelope.id.number) == [1, 3, 4, 5])
    }

    @Test func `a pull of a foreign replica, another epoch or a future cursor is refused`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let head = await server.head()
        func refusal(_ hello: Hello, _ want: Want) async throws -> String? {
            var frames: [Frame] = []
            for try await frame in server.service.pull(hello, want, for: anna.identity) {
                frames.append(frame)
            }
            // P-115: of another epoch it tells how its own began.
            let isElsewhere = hello.epoch != anna.epoch
            #expect(frames.count == (isElsewhere ? 3 : 2))
            #expect(!isElsewhere || frames[1] == .restored([]))
            return frames.last?.refusal
        }
        let all = Want(cursor: .origin, isLive: true, held: [])
        #expect(try await refusal(bert.hello, all) == "replica.foreign")
        var other = anna.hello
        other.epoch = Epoch(1)
        #expect(try await refusal(other, all) == "epoch.changed")
        let future = Want(cursor: Position(head.value + 1), isLive: true, held: [])
        #expect(try await refusal(anna.hello, future) == "cursor.future")
        let lane = Want.Held(audience: Roster.audience, have: .origin, end: Position(head.value + 1))
        #expect(
            try await refusal(anna.hello, Want(cursor: .origin, isLive: true, held: [lane]))
                == "cursor.future")
    }

    // P-031
    @Test func `positions that a reader sees have no hole and no repetition`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        for index in 0..<30 {
            _ = try await device.push([
                device.change([TestDomain.create(device.record())]),
                device.change([TestDomain.write(device.record(), "unknown \(index)")]),
            ])
        }
        var reader = TestReader(device)
        try reader.take(try await device.frames())
        let positions = reader.entries.compactMap { $0.placement?.position.value }
        #expect(positions == Array(1...UInt64(positions.count)))
    }
}
