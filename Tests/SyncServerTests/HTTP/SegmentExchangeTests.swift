import ChangeLog
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

@Suite(.timeLimit(.minutes(1))) struct SegmentExchangeTests {
    private var environment: ServerEnvironment {
        var environment = TestInterface.environment
        environment.segmentMeasure = SegmentMeasure(changes: 30)
        environment.batchEntries = 12
        return environment
    }

    /// Makes a segment of a client's own audience, and tells its name and its bytes.
    private func segment(
        of client: EnrolledClient, _ connection: inout TestConnection
    ) async throws -> (path: String, bytes: [UInt8]) {
        let device = client.device
        let entries = (0..<60).map { _ in
            device.change(in: device.own, [TestDomain.create(device.record())])
        }
        let push = try await connection.request(
            "/push", [.hello(device.hello), .push(try device.batch(entries))])
        #expect(push.status == 200)
        let want = Frame.want(Want(cursor: .origin, isLive: false, held: []))
        let pull = try await connection.request("/pull", [.hello(device.hello), .segmented, want])
        let list = try #require(
            pull.frames.lazy.compactMap { if case .segments(let list) = $0 { list } else { nil } }.first)
        let path = "/segment/\(list.segments[0].hash)"
        let answer = try await connection.request(.GET, path)
        #expect(answer.status == 200 && sha256(answer.body) == list.segments[0].hash)
        #expect(answer.headers.first(name: "etag") == "\"\(list.segments[0].hash)\"")
        #expect(answer.headers.first(name: "cache-control") == "private, no-cache")
        let kept = try await connection.request(
            .GET, path, headers: ["if-none-match": "\"\(list.segments[0].hash)\""])
        #expect(kept.status == 304 && kept.body.isEmpty)
        #expect(answer.headers.first(name: "accept-ranges") == "bytes")
        return (path, answer.body)
    }

    // P-161
    @Test func `any part of a segment is answered`() async throws {
        try await TestInterface.run(environment: environment) { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                let (path, bytes) = try await segment(of: client, &connection)
                let size = bytes.count
                for (range, part) in [
                    ("bytes=0-", 0..<size), ("bytes=1-", 1..<size), ("bytes=\(size - 1)-", size - 1..<size),
                    ("bytes=7-9", 7..<10), ("bytes=7-\(UInt64.max >> 1)", 7..<size),
                ] {
                    let answer = try await connection.request(.GET, path, headers: ["range": range])
                    #expect(answer.status == 206 && answer.body == Array(bytes[part]), "\(range)")
                    #expect(
                        answer.headers.first(name: "content-range")
                            == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(size)")
                }
                for range in ["bytes=\(size)-", "bytes=999999999-"] {
                    let answer = try await connection.request(.GET, path, headers: ["range": range])
                    #expect(answer.status == 416 && answer.body.isEmpty)
                    #expect(answer.headers.first(name: "content-range") == "bytes */\(size)")
                }
                // What is not understood may be passed over.
                for range in ["bytes=-5", "bytes=3-1", "bytes=0-1,3-4", "bytes=+1-", "lines=1-", "bytes=1"] {
                    let answer = try await connection.request(.GET, path, headers: ["range": range])
                    #expect(answer.status == 200 && answer.body == bytes, "\(range)")
                }
            }
        }
    }

    // P-162
    @Test func `for others there is no such segment, as for a name that nothing has`() async throws {
        try await TestInterface.run(environment: environment) { server async throws in
            let (anna, bert) = (
                try await server.enrolledDevice(), try await server.enrolledDevice("Bert")
            )
            var path = ""
            try await TestConnection.open(to: server.port, anna.context) { connection async throws in
                path = try await segment(of: anna, &connection).path
                let put = try await connection.request(.POST, path)
                #expect(put.status == 405)
            }
            try await TestConnection.open(to: server.port, bert.context) { connection async throws in
                let unknown = "/segment/" + String(repeating: "0", count: 64)
                for place in [path, unknown, path.uppercased(), "/segment/", "/segment/..", path + "/"] {
                    let answer = try await connection.request(.GET, place)
                    #expect(answer.status == 404 && answer.code == "route.unknown", "\(place)")
                    #expect(answer.headers.first(name: "cache-control") == "no-store")
                }
            }
            try await TestConnection.open(to: server.port, try server.anonymous()) {
                connection async throws in
                #expect(try await connection.request(.GET, path).status == 401)
            }
        }
    }

    // P-062, P-162
    @Test func `its bytes count as those of deliveries`() async throws {
        var limits = HTTPLimits()
        limits.traffic.deviceBytes = TrafficLimits.Allowance(burst: 40_000, rate: 1)
        limits.traffic.longestPause = 0
        try await TestInterface.run(limits: limits, environment: environment) { server async throws in
            let client = try await server.enrolledDevice()
            try await TestConnection.open(to: server.port, client.context) { connection async throws in
                let (path, _) = try await segment(of: client, &connection)
                var statuses: [Int] = []
                for _ in 0..<20 where statuses.last != 429 {
                    do { statuses.append(try await connection.request(.GET, path).status) } catch {
                        // Within an answer the connection ends.
                        statuses.append(429)
                    }
                }
                #expect(statuses.last == 429 && statuses.count > 1)
            }
        }
    }
}
