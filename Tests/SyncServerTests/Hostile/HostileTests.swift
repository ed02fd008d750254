import ChangeLog
import Foundation
import SyncProtocol
import Testing

@testable import SyncServer

/// False streams of enrolled devices against the running program, while others work: each is
/// refused with its code and its reason, nobody else notices, and the log stays sound.
///
/// HOSTILE_SEED repeats a run, HOSTILE_STREAMS sends another number of them.
@Suite(.serialized, .timeLimit(.minutes(10)))
struct HostileTests {
    private let seed = setting("HOSTILE_SEED") ?? UInt64.random(in: 0..<1 << 48)
    private let count = Int(setting("HOSTILE_STREAMS") ?? 10_000)

    /// How much more memory the server may have after the streams than when a tenth was done, and at most
    /// ever, bytes.
    private static let growth = 48 << 20
    private static let peak = 512 << 20
    /// How long an honest change may take beside them: a debug build on a busy machine.
    private static let patience = Duration.seconds(20)

    @Test func `false streams are refused with their reason and harm nobody`() async throws {
        print("HOSTILE_SEED=\(seed) HOSTILE_STREAMS=\(count)")
        let server = try await HostileServer.start()
        var members: [ServerMember] = []
        for (index, name) in ["Anna", "Bas", "Carla", "Dirk"].enumerated() {
            let replica = ReplicaID(Identifier128(high: seed, low: UInt64(index)))
            members.append(try await server.member(name, organisation: index % 2, replica))
        }
        let bells = members.prefix(2).map { _ in
            AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        }
        // Each hostile device has an honest colleague, and the other organisation's one as its victim.
        let hostile = [(members[2], members[1]), (members[3], members[0])].enumerated().map { index, pair in
            let bell = bells[index].continuation
            return HostileRun(
                HostileDevice(pair.0, victim: pair.1, seed: seed &+ UInt64(index)), port: server.port
            ) { bell.yield() }
        }
        let honest = members.prefix(2).enumerated().map { index, member in
            HonestMember(member, port: server.port, seed: seed &+ 100 &+ UInt64(index))
        }
        for member in honest { try await member.begin() }
        // What comes while it is behind would come in two ways, which this reader does not put together.
        let (isCurrent, current) = AsyncStream<Void>.makeStream()
        let (watcher, port) = (members[0], server.port)
        async let live = HonestMember.read(watcher, port: port, isLive: true) { current.finish() }
        for await _ in isCurrent {}
        async let first: Void = honest[0].work(at: bells[0].stream)
        async let second: Void = honest[1].work(at: bells[1].stream)
        do {
            try await strike(hostile, at: server)
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
        for bell in bells { bell.continuation.finish() }
        _ = try await (first, second)
        try await check(honest[0], try await live)
        for (member, device) in zip(members, honest) {
            try await check(device, try await HonestMember.read(member, port: server.port))
        }
        try await server.stop()
    }

    private func strike(_ hostile: [HostileRun], at server: HostileServer) async throws {
        func each(_ step: @escaping @Sendable (HostileRun) async throws -> Void) async throws {
            try await withThrowingTaskGroup { group in
                for run in hostile { group.addTask { try await step(run) } }
                try await group.waitForAll()
            }
        }
        let share = count / hostile.count
        let started = ContinuousClock.now
        try await each { try await $0.begin() }
        try await each { try await $0.run(share / 10) }
        let before = try server.memory()
        try await each { try await $0.run(share - share / 10) }
        let after = try server.memory()
        var counts: [String: Int] = [:]
        for run in hostile {
            counts.merge(await run.counts, uniquingKeysWith: +)
            for fault in await run.faults { Issue.record("seed \(seed): \(fault)") }
        }
        print(
            "\(counts.values.reduce(0, +)) streams of \(counts.count) families in",
            "\(ContinuousClock.now - started); the server's memory: \(before.now >> 20) MiB after a tenth,",
            "\(after.now >> 20) MiB after all, \(after.most >> 20) MiB at most")
        #expect(after.now - before.now <= Self.growth)
        #expect(after.most <= Self.peak)
    }

    /// All that a member wrote stands, as it was written, in the order in which it was written.
    private func check(_ member: HonestMember, _ reader: TestReader) async throws {
        let made = await member.made
        let replica = made[0].envelope.id.replica
        let read = reader.entries.filter { $0.envelope.id.replica == replica }
        #expect(read.compactMap(\.change).map(\.operations) == made.compactMap(\.change).map(\.operations))
        #expect(read.map(\.envelope) == made.map(\.envelope))
        print("\(made.count) honest changes beside them, the slowest took \(await member.longest)")
        #expect(await member.longest < Self.patience)
    }
}

/// A number in the environment; nil without one.
private func setting(_ name: String) -> UInt64? {
    ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) }
}
