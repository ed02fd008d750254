import ChangeLog
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

/// The built program, asked for much by those who take nothing of it.
@Suite(.timeLimit(.minutes(3))) struct SlowReaderTests {
    private static let pulls = 50
    /// Each change has a text of so many bytes; so many of them make a batch, and the log has many batches.
    private static let (text, perPush, pushes) = (180_000, 20, 8)

    @Test func `fifty pulls that read nothing hold no more than a batch each`() async throws {
        let server = try await HostileServer.start()
        var members: [ServerMember] = []
        for index in 0..<5 {
            let replica = ReplicaID(Identifier128(high: 5, low: UInt64(index)))
            members.append(try await server.member("lezer \(index)", organisation: 0, replica))
        }
        try await fill(server, members[0])
        // What reading the log costs once is not what a reader costs.
        let reader = try await HonestMember.read(members[0], port: server.port)
        let bytes = reader.entries.reduce(0) { $0 + ($1.change?.canonicalBytes.count ?? 0) }
        #expect(bytes > 5 * ProtocolLimits.batchBytes)
        let before = try server.memory().now
        let after = try await stalled(members, server.port, Self.pulls) { () async throws in
            try await settled(server)
        }
        let each = (after - before) / Self.pulls
        print("a pull that reads nothing holds \(each / 1024) KiB of \(bytes / 1024) KiB")
        // A batch as it is and as it is encrypted, each in a buffer of twice its size: two batches would be
        // eight times the bytes of one.
        #expect(each <= 6 * ProtocolLimits.batchBytes, "\(each) bytes each")
        try await server.stop()
    }

    private func fill(_ server: HostileServer, _ member: ServerMember) async throws {
        var device = HostileDevice(member, victim: member, seed: 7)
        let text = String(repeating: "x", count: Self.text)
        let first = device.change([.create(device.note, kind: "annotation", parent: nil, key: nil)])
        var attacks = [try device.kept([first], as: ["accepted"])]
        for _ in 0..<Self.pushes {
            var entries: [BatchEntry] = []
            for _ in 0..<Self.perPush {
                var entry = device.change([.write(device.note, "quote", .register, .text(text))])
                if !entries.isEmpty { entry.previous = nil }
                entries.append(entry)
            }
            attacks.append(try device.kept(entries, as: entries.map { _ in "accepted" }))
        }
        try await TestConnection.open(to: server.port, member.context) { connection async throws in
            for attack in attacks {
                let answer = try await connection.request(
                    .POST, attack.path, attack.body, headers: ["content-type": TestConnection.frameType])
                let verdicts = answer.frames.flatMap { frame -> [String] in
                    if case .verdicts(let entries) = frame { entries.map(\.verdict.code) } else { [] }
                }
                #expect(Set(verdicts) == ["accepted"])
            }
        }
    }

    /// Opens pulls that read nothing but that they have begun, and calls `body` when all have.
    private func stalled<Result>(
        _ members: [ServerMember], _ port: Int, _ count: Int, _ body: () async throws -> Result
    ) async throws -> Result {
        guard count > 0 else { return try await body() }
        let member = members[count % members.count]
        return try await TestConnection.open(to: port, member.context) { connection async throws in
            let hello = Hello(replica: member.replica, epoch: nil, cursor: .origin)
            try await connection.stream(
                "/pull", [.hello(hello), .want(Want(cursor: .origin, isLive: false, held: []))])
            _ = try await connection.nextFrame()
            return try await stalled(members, port, count - 1, body)
        }
    }

    /// The memory of the server once it has not grown for as long as many requests take.
    private func settled(_ server: HostileServer) async throws -> Int {
        var (most, unchanged) = (try server.memory().now, 0)
        while unchanged < 300 {
            _ = try await ServerProgram.run("--version")
            let now = try server.memory().now
            unchanged = now > most ? 0 : unchanged + 30
            most = max(most, now)
        }
        return most
    }
}
