import ChangeLog
import NIOCore
import NIOHTTP1
import NIOPosix
import SecureTransport
import SyncProtocol
import Synchronization
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct LimitTests {
    @Test func `a connection that falls silent is closed, also in the middle of a request`() async throws {
        var limits = HTTPLimits()
        limits.idleSeconds = 3
        try await TestInterface.run(limits: limits) { server async throws in
            let context = try server.anonymous()
            for announced in [nil, 10] {
                // To open a connection is to be answered on it once; then nothing more is sent.
                let isClosed = try await TestConnection.open(to: server.port, context) {
                    connection async throws in
                    if let announced { try await connection.sendHead(.POST, "/enrol", announcing: announced) }
                    do { return try await connection.nextFrame() == nil } catch { return true }
                }
                #expect(isClosed)
            }
        }
    }

    @Test func `connections beyond the limit wait until one closes`() async throws {
        var limits = HTTPLimits()
        limits.connections = 1
        try await TestInterface.run(limits: limits) { server async throws in
            let isFirstClosed = Flag()
            let context = try server.anonymous()
            try await withThrowingTaskGroup { group in
                try await TestConnection.open(to: server.port, context) { connection async throws in
                    group.addTask {
                        try await TestConnection.open(to: server.port, context, patience: .seconds(50)) {
                            second async throws in
                            let wasClosed = isFirstClosed.isRaised
                            #expect(wasClosed)
                            #expect(try await second.request(.GET, "/healthz").status == 200)
                        }
                    }
                    // Long enough for a second connection to be served if it were let in.
                    for _ in 0..<200 { _ = try await connection.request(.GET, "/healthz") }
                    isFirstClosed.raise()
                }
                try await group.waitForAll()
            }
        }
    }

    @Test func `headers beyond the limit are refused`() async throws {
        try await TestInterface.run { server async throws in
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                let size = HTTPLimits().headerBytes
                let headers: HTTPHeaders = ["x-long": String(repeating: "x", count: size)]
                let answer = try await connection.request(.GET, "/healthz", headers: headers)
                #expect(answer.status == 400)
            }
        }
    }

    /// P-062
    @Test func `a device in debt is told to come back, before its body is read`() async throws {
        var limits = HTTPLimits()
        limits.traffic.deviceChanges = .init(burst: 10, rate: 1)
        limits.traffic.requestChanges = 1
        try await TestInterface.run(limits: limits, withMetrics: true) { server async throws in
            let client = try await server.enrolledDevice()
            let other = try await server.enrolledDevice("Bram")
            let device = client.device
            let entries = (0..<30).map { _ in device.change([TestDomain.create(device.record())]) }
            let frames: [Frame] = [.hello(device.hello), .push(try device.batch(entries))]
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                // What is larger than the burst passes once.
                let first = try await connection.request("/push", frames)
                #expect(first.status == 200)
                let second = try await connection.request("/push", frames)
                #expect(second.status == 429 && second.code == "limit.changes")
                let wait = try #require(second.headers.first(name: "retry-after").flatMap { Int($0) })
                #expect((8...10).contains(wait), "\(wait)")
            }
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                // Only the head has come: whoever waits for the body would wait here for ever.
                try await connection.sendHead(.POST, "/push", announcing: 1_000_000)
                let answer = try await connection.answer()
                #expect(answer.status == 429 && answer.code == "limit.changes")
            }
            try await TestConnection.open(to: server.port, other.context) { connection async throws in
                #expect(try await connection.request("/pull", other.want()).status == 200)
            }
            let page = try await server.metrics()
            #expect(page[#"voordracht_limit_refusals_total{limit="changes"}"#] == 2)
        }
    }

    /// P-062: what a push makes the server look at again is part of what it costs: all that waits, where groups do.
    @Test(arguments: [true, false])
    func `whoever has much waiting pays for the walk over it`(hasGroup: Bool) async throws {
        var limits = HTTPLimits()
        limits.traffic.deviceChanges = .init(burst: 150, rate: 1)
        limits.traffic.requestChanges = 1
        try await TestInterface.run(limits: limits) { server async throws in
            let client = try await server.enrolledDevice()
            let device = client.device
            let note = device.record()
            let held = [device.change([TestDomain.create(note), TestDomain.write(note, "hold")])]
            var waiting = (0..<117).map { _ in device.change([TestDomain.create(device.record())]) }
            let parts = [Roster.audience, device.own].map { ($0, [TestDomain.create(device.record())]) }
            waiting += hasGroup ? device.group(parts) : parts.map { device.change(in: $0.0, $0.1) }
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                func push(_ entries: [BatchEntry]) async throws -> Int? {
                    try await connection.request(
                        "/push", [.hello(device.hello), .push(try device.batch(entries))]
                    ).status
                }
                #expect(try await push(held + waiting) == 200)
                var answers: [Int?] = []
                for _ in 0..<8 {
                    answers.append(
                        try await push([
                            device.change(in: device.own, [TestDomain.create(device.record())])
                        ]))
                }
                #expect(answers.first == 200 && answers.last == (hasGroup ? 429 : 200), "\(answers)")
            }
        }
    }

    /// P-062
    @Test func `live pulls beyond the limit are refused until one ends`() async throws {
        var limits = HTTPLimits()
        limits.traffic.livePulls = 2
        try await TestInterface.run(limits: limits) { server async throws in
            let client = try await server.enrolledDevice()
            try await withLive(server, client, 2) { () async throws in
                try await TestConnection.open(to: server.port, client.context) { connection async throws in
                    let third = try await connection.request("/pull", client.want(isLive: true))
                    #expect(third.status == 429 && third.code == "limit.pulls")
                    #expect(third.headers.first(name: "retry-after") == "1")
                    #expect(try await connection.request("/pull", client.want()).status == 200)
                }
            }
            // Their places are free as soon as the server has noticed that they went.
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                var frame: Frame?
                repeat {
                    try await connection.stream("/pull", client.want(isLive: true))
                    frame = try await connection.nextFrame()
                    if frame?.refusal != nil { #expect(try await connection.nextFrame() == nil) }
                } while frame?.refusal == "limit.pulls"
                if case .welcome = frame {} else { Issue.record("\(String(describing: frame))") }
            }
        }
    }

    /// P-062: idle ones count too; a live pull, a push and some more are no matter.
    @Test func `connections of a device beyond the limit are refused and closed until one ends`() async throws
    {
        var limits = HTTPLimits()
        limits.traffic.connections = 3
        try await TestInterface.run(limits: limits) { server async throws in
            let client = try await server.enrolledDevice()
            let other = try await server.enrolledDevice("Bram")
            try await withLive(server, client, 2) { () async throws in
                try await TestConnection.open(to: server.port, client.context) { third async throws in
                    for _ in 0..<3 {
                        #expect(try await third.request("/pull", client.want()).status == 200)
                    }
                    try await TestConnection.open(to: server.port, client.context) { fourth async throws in
                        let answer = try await fourth.request("/pull", client.want())
                        #expect(answer.status == 429 && answer.code == "limit.connections")
                        #expect(answer.headers.first(name: "retry-after") == "1")
                        // The server has left: nothing more is answered.
                        let again = try? await fourth.request("/pull", client.want())
                        #expect(again == nil)
                    }
                    try await TestConnection.open(to: server.port, other.context) { theirs async throws in
                        #expect(try await theirs.request("/pull", other.want()).status == 200)
                    }
                }
            }
            // Their places are free as soon as the server has noticed that they went.
            var status = 429
            while status == 429 {
                status = try await TestConnection.open(to: server.port, client.context) {
                    connection async throws in
                    try await connection.request("/pull", client.want()).status
                }
            }
            #expect(status == 200)
        }
    }

    /// Holds so many live pulls open while `body` runs.
    private func withLive(
        _ server: TestInterface, _ client: EnrolledClient, _ count: Int,
        _ body: () async throws -> Void
    ) async throws {
        guard count > 0 else { return try await body() }
        try await TestConnection.open(to: server.port, client.context) { live async throws in
            try await live.stream("/pull", client.want(isLive: true))
            try await live.skipToCurrent()
            try await withLive(server, client, count - 1, body)
        }
    }

    /// P-062: within a push there is no status left to refuse it with.
    @Test func `a push that goes on pauses for its own debt, and is ended where that would be long`()
        async throws
    {
        var limits = HTTPLimits()
        limits.traffic.deviceChanges = .init(burst: 8, rate: 1)
        limits.traffic.requestChanges = 1
        limits.traffic.longestPause = 6_000
        // On a busy machine a real clock would have forgotten the debt.
        let clock = Mutex(TestInterface.environment.nowMilliseconds())
        var environment = TestInterface.environment
        environment.nowMilliseconds = { clock.withLock { $0 } }
        environment.sleep = { pause in
            clock.withLock {
                $0 += pause.components.seconds * 1_000 + pause.components.attoseconds / 1_000_000_000_000_000
            }
        }
        try await TestInterface.run(limits: limits, environment: environment, withMetrics: true) {
            server async throws in
            let client = try await server.enrolledDevice()
            let device = client.device
            func push(_ sizes: [Int]) async throws -> [Frame] {
                let batches = try sizes.map { size in
                    try device.batch(
                        (0..<size).map { _ in device.change([TestDomain.create(device.record())]) })
                }
                return try await TestConnection.open(to: server.port, client.context) {
                    connection async throws in
                    try await connection.request("/push", [.hello(device.hello)] + batches.map { .push($0) })
                        .frames
                }
            }
            // Some seconds of debt are waited for, and more than the longest pause is not.
            let paused = try await push([12, 1])
            #expect(paused.filter { if case .verdicts = $0 { true } else { false } }.count == 2)
            #expect(paused.compactMap(\.refusal) == [])
            clock.withLock { $0 += 60_000 }
            let ended = try await push([20, 1])
            #expect(ended.filter { if case .verdicts = $0 { true } else { false } }.count == 1)
            #expect(ended.compactMap(\.refusal) == ["limit.changes"])
            let page = try await server.metrics()
            #expect((page[#"voordracht_limit_refusals_total{limit="pause"}"#] ?? 0) >= 1)
        }
    }
}
