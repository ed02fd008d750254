import ChangeLog
import Foundation
import GRDB
import SyncProtocol
import Testing

@testable import SyncServer

/// Stretches of large audiences as files: what is in them, who gets them, and that they can be made again.
@Suite struct SegmentTests {
    /// A server that makes a segment of 30 changes, in frames of 12.
    private func server() async throws -> TestServer {
        try await TestServer(segments: SegmentMeasure(changes: 30), batchEntries: 12)
    }

    /// What a newcomer is told with and without segments.
    private func frames(
        _ device: TestDevice, takesSegments: Bool, cursor: Position = .origin, held: [Want.Held] = []
    ) async throws -> [Frame] {
        let want = Want(cursor: cursor, isLive: false, held: held)
        var frames: [Frame] = []
        let stream = device.server.service.pull(
            device.hello, want, takesSegments: takesSegments, for: device.identity)
        for try await frame in stream { frames.append(frame) }
        return frames
    }

    private func lists(_ frames: [Frame]) -> [SegmentList] {
        frames.compactMap { if case .segments(let list) = $0 { list } else { nil } }
    }

    private func bytes(_ hash: ChangeHash, for device: TestDevice) async throws -> [UInt8]? {
        guard let (file, _) = try await device.server.service.segment(named: hash, for: device.identity)
        else { return nil }
        var bytes: [UInt8] = []
        while true {
            let piece = file.piece(at: bytes.count)
            if piece.isEmpty { return bytes }
            bytes += piece
        }
    }

    private func write(_ count: Int, by device: TestDevice, in audience: AudienceID) async throws {
        let verdicts = try await device.push(
            (0..<count).map { _ in device.change(in: audience, [TestDomain.create(device.record())]) })
        #expect(verdicts.allSatisfy { $0.code == "accepted" })
    }

    private func path(_ hash: ChangeHash, _ server: TestServer) -> String {
        server.folder + "/segments/\(hash)"
    }

    // P-160
    @Test func `a segment is the frames of the lane, and the rest comes with the next pull`() async throws {
        let server = try await server()
        let device = try await server.device()
        try await write(100, by: device, in: device.own)
        let told = try await frames(device, takesSegments: true)
        let list = try #require(lists(told).first)
        #expect(lists(told).count == 1 && list.lane == device.own && list.segments.count == 2)
        let inline = try await frames(device, takesSegments: false).compactMap { frame -> [UInt8]? in
            guard case .deliver(let delivery) = frame, delivery.lane == device.own else { return nil }
            return frame.bytes
        }
        // Frames of 12, three to a segment, and a last one that is not full.
        #expect(inline.count == 9)
        var whole: [[UInt8]] = []
        for segment in list.segments {
            let bytes = try #require(try await bytes(segment.hash, for: device))
            #expect(UInt64(bytes.count) == segment.size && sha256(bytes) == segment.hash)
            whole.append(bytes)
        }
        #expect(whole == [Array(inline[0..<3].joined()), Array(inline[3..<6].joined())])
        #expect(
            !told.contains {
                if case .deliver(let delivery) = $0 { delivery.lane == device.own } else { false }
            })
        guard case .current = told.last else { throw Reason(code: "test", message: "\(told)", remedy: "") }

        // The rest, and nothing of what the segments have.
        let end = await server.head()
        let through = try #require(list.segments.last?.through)
        let rest = try await frames(
            device, takesSegments: true, cursor: end,
            held: [
                Want.Held(audience: Roster.audience, have: end, end: end),
                Want.Held(audience: device.own, have: through, end: end),
            ].sorted { $0.audience < $1.audience })
        #expect(lists(rest).isEmpty)
        #expect(rest.flatMap(\.delivered).count == 100 - 72)
        // Whoever does not say so, or stays connected, is told of none.
        #expect(lists(try await frames(device, takesSegments: false)).isEmpty)
    }

    // P-160
    @Test func `behind segments of the roster no lane comes`() async throws {
        let server = try await server()
        let device = try await server.device()
        try await write(60, by: device, in: Roster.audience)
        try await write(3, by: device, in: device.own)
        let told = try await frames(device, takesSegments: true)
        #expect(lists(told).map(\.lane) == [Roster.audience])
        #expect(told.flatMap(\.delivered).isEmpty)
        #expect(told.count { if case .grant = $0 { true } else { false } } == 2)
    }

    // P-160
    @Test func `what is small comes in its lane`() async throws {
        let server = try await server()
        let device = try await server.device()
        // As many as fill three frames: whether a fourth begins is not known.
        try await write(36, by: device, in: device.own)
        let told = try await frames(device, takesSegments: true)
        #expect(
            lists(told).isEmpty
                && told.flatMap(\.delivered).count { $0.envelope.audience == device.own } == 36)
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.folder + "/segments").isEmpty)
    }

    // P-160
    @Test func `a file that is missing or damaged is made anew, with the same bytes`() async throws {
        let server = try await server()
        let device = try await server.device()
        let note = device.record()
        // Of this chain a change is withheld before it is cut, and of the other one after that.
        _ = try await device.push([
            device.change(in: device.own, [TestDomain.create(note)]),
            device.change(in: device.own, [TestDomain.write(note, "refuse")]),
        ])
        let other = try await server.device(of: device.person)
        for _ in 0..<5 {
            try await write(10, by: device, in: device.own)
            try await write(10, by: other, in: device.own)
        }
        let list = try #require(lists(try await frames(device, takesSegments: true)).first)
        var before: [[UInt8]] = []
        for segment in list.segments {
            before.append(try #require(try await bytes(segment.hash, for: device)))
        }
        #expect(before.count == 2)
        _ = try await other.push([other.change(in: device.own, [TestDomain.write(note, "refuse")])])
        try await write(10, by: other, in: device.own)

        let paths = list.segments.map { path($0.hash, server) }
        try FileManager.default.removeItem(atPath: paths[0])
        var damaged = before[1]
        damaged[damaged.count / 2] ^= 1
        try Data(damaged).write(to: URL(filePath: paths[1]))
        try await server.reopen()
        for (segment, bytes) in zip(list.segments, before) {
            #expect(try await self.bytes(segment.hash, for: device) == bytes)
        }
        // Half a file is none either.
        try Data(before[1].prefix(100)).write(to: URL(filePath: paths[1]))
        #expect(try await bytes(list.segments[1].hash, for: device) == before[1])
        let again = try #require(lists(try await frames(device, takesSegments: true)).first)
        #expect(again.segments.starts(with: list.segments))
        // What no row names is taken away.
        let stray = server.folder + "/segments/" + String(repeating: "0", count: 64)
        try Data([1]).write(to: URL(filePath: stray))
        try await server.reopen()
        try await write(100, by: device, in: device.own)
        _ = try await frames(device, takesSegments: true)
        #expect(!FileManager.default.fileExists(atPath: stray))
    }

    @Test func `many who ask at once have it cut once`() async throws {
        let server = try await server()
        let device = try await server.device()
        try await write(500, by: device, in: device.own)
        let told = try await withThrowingTaskGroup(of: Set<SegmentList.Segment>.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    [identity = device.identity, hello = device.hello, service = server.service] in
                    var all: Set<SegmentList.Segment> = []
                    let want = Want(cursor: .origin, isLive: false, held: [])
                    for try await frame in service.pull(hello, want, takesSegments: true, for: identity) {
                        if case .segments(let list) = frame { all.formUnion(list.segments) }
                    }
                    return all
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(told).count == 1 && told[0].count == 13)
        #expect(try FileManager.default.contentsOfDirectory(atPath: server.folder + "/segments").count == 13)
    }

    // P-162
    @Test func `it is for those who may read the audience now`() async throws {
        let server = try await server()
        let team = RecordID(server.clock.bits())
        let audience = AudienceID(family: "team", team)
        let (anna, bert) = (try await server.device(team: team), try await server.device())
        try await write(60, by: anna, in: audience)
        let hash = try #require(
            lists(try await frames(anna, takesSegments: true)).first?.segments.first?.hash)
        #expect(try await bytes(hash, for: anna) != nil)
        #expect(try await bytes(hash, for: bert) == nil)
        #expect(try await bytes(sha256([1]), for: anna) == nil)
        try await server.move(bert.person, to: team)
        try await server.move(anna.person, to: nil)
        #expect(try await bytes(hash, for: anna) == nil)
        #expect(try await bytes(hash, for: bert) != nil)
    }

    // P-160
    @Test func `a restored server names what it had before the backup, and makes the files`() async throws {
        let server = try await server()
        let device = try await server.device()
        try await write(60, by: device, in: device.own)
        let before = try #require(lists(try await frames(device, takesSegments: true)).first)
        let copy = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try Data().write(to: URL(filePath: copy + "/server.db"))
        let point = try await server.service.copyDatabase(to: copy + "/server.db")
        try await write(60, by: device, in: device.own)
        let later = try #require(lists(try await frames(device, takesSegments: true)).last)
        #expect((later.segments.last?.through ?? .origin) > point)

        let (restored, record) = try await SyncService.restore(
            in: copy, rules: TestDomain.rules, key: server.key, environment: server.environment)
        var hello = device.hello
        hello.epoch = record.epoch
        var told: [Frame] = []
        let want = Want(cursor: .origin, isLive: false, held: [])
        for try await frame in restored.pull(hello, want, takesSegments: true, for: device.identity) {
            told.append(frame)
        }
        #expect(lists(told) == [before])
        let segment = try #require(before.segments.first)
        let found = try #require(try await restored.segment(named: segment.hash, for: device.identity))
        #expect(found.file.holds(found.segment))
        #expect(try await restored.segment(named: later.segments[1].hash, for: device.identity) == nil)
        await restored.close()
    }

    @Test func `a database of an older program gets the table`() async throws {
        let server = try await server()
        let device = try await server.device()
        try await write(60, by: device, in: device.own)
        await server.service.close()
        let database = try DatabaseQueue(path: server.path)
        try await database.write { db in
            try db.execute(
                sql: """
                    DROP TABLE lodged; DROP TABLE segment; DROP TABLE retirement; DROP INDEX verdict_waiting;
                    DROP INDEX pending_group; PRAGMA user_version = 1
                    """)
        }
        try database.close()
        try await server.reopen()
        #expect(lists(try await frames(device, takesSegments: true)).count == 1)
    }
}
