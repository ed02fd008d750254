import ChangeLog
import Cryptography
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct LiveTests {
    /// A live stream and what its reader has taken so far.
    private final class Live {
        private let stream: AsyncThrowingStream<Frame, any Error>
        private(set) var reader: TestReader

        init(_ device: TestDevice) {
            reader = TestReader(device)
            stream = device.pull(isLive: true)
        }

        /// Takes frames up to and including the first that fits; nil at the end of the stream.
        @discardableResult
        func next(_ fits: (Frame) -> Bool = { _ in true }) async throws -> Frame? {
            var iterator = stream.makeAsyncIterator()
            while let frame = try await iterator.next() {
                try reader.take(frame)
                if fits(frame) { return frame }
            }
            return nil
        }

        func untilCurrent() async throws {
            try await next { if case .current = $0 { true } else { false } }
        }
    }

    // P-044
    @Test func `a live pull brings each commit when it happens`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let live = Live(device)
        try await live.untilCurrent()
        for _ in 0..<3 {
            let entry = device.change([TestDomain.create(device.record())])
            _ = try await device.push([entry])
            let frame = try await live.next()
            #expect(frame?.delivered.map(\.envelope.id) == [entry.envelope.id])
        }
    }

    // P-040, P-043
    /// Regression 10.
    @Test func `whoever joins a team is granted its past in a lane, and loses all when he leaves`()
        async throws
    {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let audience = AudienceID(family: "team", team)
        let (anna, bert) = (try await server.device(team: team), try await server.device())
        let old = anna.change(in: audience, [TestDomain.create(anna.record())])
        _ = try await anna.push([old])
        let live = Live(bert)
        try await live.untilCurrent()
        #expect(live.reader.held[audience] == nil)
        try await server.move(bert.person, to: team)
        let grant = try await live.next { if case .grant = $0 { true } else { false } }
        #expect(grant == .grant(audience, end: await server.head()))
        let lane = try await live.next { !$0.delivered.isEmpty && $0.lane != nil }
        #expect(lane?.delivered.map(\.envelope.id) == [old.envelope.id])
        let new = anna.change(in: audience, [TestDomain.create(anna.record())])
        _ = try await anna.push([new])
        let main = try await live.next { $0.delivered.contains { $0.envelope.audience == audience } }
        #expect(main?.lane == nil)
        #expect(main?.delivered.last?.envelope.id == new.envelope.id)
        try await server.move(bert.person, to: nil)
        let revoked = try await live.next { if case .revoke = $0 { true } else { false } }
        #expect(revoked == .revoke([audience]))
        _ = try await anna.push([anna.change(in: audience, [TestDomain.create(anna.record())])])
        let last = bert.change([TestDomain.create(bert.record())])
        _ = try await bert.push([last])
        let seen = live.reader.entries.count
        try await live.next { $0.delivered.contains { $0.envelope.id == last.envelope.id } }
        #expect(live.reader.entries.dropFirst(seen).allSatisfy { $0.envelope.audience != audience })
    }

    // P-040, P-047
    @Test func `an audience that begins later comes in the main stream`() async throws {
        let server = try await TestServer()
        let team = RecordID(server.clock.bits())
        let audience = AudienceID(family: "team", team)
        let (anna, bert) = (try await server.device(team: team), try await server.device(team: team))
        let live = Live(bert)
        try await live.untilCurrent()
        let head = await server.head()
        let first = anna.change(in: audience, [TestDomain.create(anna.record())])
        _ = try await anna.push([first])
        let grant = try await live.next { if case .grant = $0 { true } else { false } }
        #expect(grant == .grant(audience, end: head))
        let main = try await live.next { !$0.delivered.isEmpty }
        #expect(main?.lane == nil)
        #expect(main?.delivered.map(\.envelope.id) == [first.envelope.id])
        // The lane is empty: whether it was ended before or after, it is ended.
        if live.reader.held[audience]?.have != head { try await live.next() }
        #expect(live.reader.held[audience]?.have == head)
    }

    // P-014, P-020, P-135
    @Test(arguments: [(true, "device.lost"), (false, "device.retired")])
    func `a revoked device's stream ends, and it is not let in again`(_ lost: Bool, _ code: String)
        async throws
    {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let live = Live(anna)
        try await live.untilCurrent()
        try await server.service.revoke(device: anna.identity.device, lost: lost)
        let end = try await live.next()
        #expect(end?.refusal == code)
        #expect(try await live.next() == nil)
        #expect(try await anna.frames().last?.refusal == code)
        let change = anna.change([TestDomain.create(anna.record())])
        if lost {
            let reason = Refusal.deviceLost
            await #expect(throws: reason) { try await server.service.device(publicKey: anna.key.publicKey) }
            await #expect(throws: reason) { try await anna.push([change]) }
        } else {
            let retired = try await server.service.device(publicKey: anna.key.publicKey)
            #expect(retired.isRetired)
            #expect(try await anna.push([change]) == [.held(Refusal.deviceRevoked)])
            try await server.service.handedIn(by: retired)
            let reason = Refusal.deviceClosed
            await #expect(throws: reason) { try await server.service.device(publicKey: anna.key.publicKey) }
            await #expect(throws: reason) { try await anna.push([anna.change([])]) }
            #expect(try await anna.frames().last?.refusal == reason.code)
        }
        #expect(try await server.service.device(publicKey: bert.key.publicKey) == bert.identity)
    }

    // P-044
    @Test func `a stream in which nothing happens says that the server is there`() async throws {
        let server = try await TestServer(rings: true)
        let device = try await server.device()
        let live = Live(device)
        try await live.untilCurrent()
        #expect(try await live.next() == .pulse(milliseconds: server.clock.now))
        server.clock.advance(15_000)
        #expect(try await live.next() == .pulse(milliseconds: server.clock.now))
    }

    @Test func `a reader that does not read costs nothing and gets all of it later`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let stream = PullStream(
            engine: server.service.engine, hello: anna.hello,
            want: Want(cursor: .origin, isLive: true, held: []), device: anna.identity)
        var reader = TestReader(anna)
        while let frame = try await stream.next() {
            try reader.take(frame)
            if case .current = frame { break }
        }
        for _ in 0..<40 {
            _ = try await bert.push((0..<50).map { _ in bert.change([TestDomain.create(bert.record())]) })
        }
        #expect(await stream.backlog == 0)
        while reader.cursor < (await server.head()), let frame = try await stream.next() {
            try reader.take(frame)
            #expect(await stream.backlog == 0)
            #expect(frame.delivered.count <= ProtocolLimits.batchEntries)
        }
        #expect(reader.entries.count == Int(await server.head().value))
    }

    @Test func `closing the server ends its streams`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let live = Live(device)
        try await live.untilCurrent()
        let service = server.service
        async let closed: Void = service.close()
        #expect(try await live.next() == nil)
        await closed
        #expect(try await service.isReady() == false)
    }

    @Test func `a cancelled reader lets go`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let stream = device.pull(isLive: true)
        let task = Task {
            var count = 0
            for try await _ in stream { count += 1 }
            return count
        }
        task.cancel()
        _ = await task.result
    }
}

extension Frame {
    fileprivate var lane: AudienceID? {
        if case .deliver(let delivery) = self { delivery.lane } else { nil }
    }
}
