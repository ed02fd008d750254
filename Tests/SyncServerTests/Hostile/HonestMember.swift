import ChangeLog
import NIOHTTP1
import SyncProtocol
import Testing

@testable import SyncServer

/// A member who only works: edits and reads, while others do what they like.
actor HonestMember {
    private var device: HostileDevice
    private let port: Int
    private(set) var made: [BatchEntry] = []
    /// The longest that a push took until its verdict.
    private(set) var longest = Duration.zero

    /// The last words of a member, by which a reader knows that no more will come.
    static let last = Value.text("laatste")

    init(_ member: ServerMember, port: Int, seed: UInt64) {
        device = HostileDevice(member, victim: member, seed: seed)
        self.port = port
    }

    private var member: ServerMember { device.member }

    func begin() async throws {
        try await push([.create(device.note, kind: "annotation", parent: nil, key: nil)])
    }

    /// Edits at each stroke of the bell, until it is silent.
    func work(at bell: AsyncStream<Void>) async throws {
        for await _ in bell { try await push(device.edit()) }
        try await push([.write(device.note, "quote", .register, Self.last)])
    }

    private func push(_ operations: [Operation]) async throws {
        let change = device.change(operations)
        let attack = try device.kept([change], as: ["accepted"])
        let started = ContinuousClock.now
        let answer = try await TestConnection.open(to: port, member.context) { connection async throws in
            try await connection.request(
                .POST, attack.path, attack.body, headers: ["content-type": TestConnection.frameType])
        }
        longest = max(longest, ContinuousClock.now - started)
        var session = PushSession(
            hello: Hello(replica: member.replica, epoch: member.epoch, cursor: .origin),
            batches: [Batch(entries: [change], heads: [])], questions: [])
        let actions = answer.frames.flatMap { session.receive($0) }
        #expect(actions.last == .done)
        for case .welcomed(let welcome) in actions { device.head = max(device.head, welcome.head) }
        for case .apply(let verdicts) in actions { #expect(verdicts.map(\.verdict.code) == ["accepted"]) }
        made.append(change)
    }

    /// Reads everything from the beginning and checks it as a client does; a live one says when it has all
    /// there was, and stays until somebody's last words.
    static func read(
        _ member: ServerMember, port: Int, isLive: Bool = false, onCurrent: @Sendable () -> Void = {}
    ) async throws -> TestReader {
        let hello = Hello(replica: member.replica, epoch: nil, cursor: .origin)
        let want = Want(cursor: .origin, isLive: isLive, held: [])
        return try await TestConnection.open(to: port, member.context) { connection async throws in
            var reader = TestReader(hello)
            try await connection.stream("/pull", [.hello(hello), .want(want)])
            while let frame = try await connection.nextFrame() {
                try reader.take(frame)
                if case .current = frame { onCurrent() }
                if isLive, frame.delivered.contains(where: \.isLast) { break }
            }
            return reader
        }
    }
}

extension BatchEntry {
    fileprivate var isLast: Bool {
        change?.operations.contains { operation in
            if case .write(_, _, _, HonestMember.last) = operation { true } else { false }
        } ?? false
    }
}
