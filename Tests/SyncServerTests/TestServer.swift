import ChangeLog
import Cryptography
import Foundation
import Logging
import SyncProtocol
import Synchronization

@testable import SyncServer

/// A server in a folder of its own, with a clock that is turned by hand and timers that never ring.
final class TestServer {
    let folder: String
    let key: PrivateKey
    let clock: TestClock
    /// As the clock makes it, with the test's own sizes.
    let environment: ServerEnvironment
    private(set) var service: SyncService

    /// - Parameters:
    ///   - rings: whether timers ring at once; otherwise they never do.
    ///   - segments: how much becomes a segment.
    ///   - batchEntries: changes in a frame.
    init(
        rings: Bool = false, segments: SegmentMeasure = SegmentMeasure(),
        batchEntries: Int = ProtocolLimits.batchEntries
    ) async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
        key = try PrivateKey.generate()
        clock = TestClock(rings: rings)
        var environment = clock.environment
        environment.segmentMeasure = segments
        environment.batchEntries = batchEntries
        self.environment = environment
        service = try await SyncService.create(
            in: folder, rules: TestDomain.rules, key: key, environment: environment)
    }

    deinit {
        // What is left behind is in the system's temporary folder.
        try? FileManager.default.removeItem(atPath: folder)
    }

    var path: String { folder + "/" + ServerStore.fileName }

    /// Closes and opens again, as after a restart.
    func reopen() async throws {
        await service.close()
        service = try await SyncService.open(
            in: folder, rules: TestDomain.rules, key: key, environment: environment)
    }

    func head() async -> Position { await service.head().1 }

    func person(_ name: String, team: RecordID? = nil) async throws -> RecordID {
        let person = RecordID(clock.bits())
        var operations: [ChangeLog.Operation] = [
            .create(person, kind: Roster.person, parent: nil, key: nil),
            .write(person, Roster.personName, .decided, .text(name)),
        ]
        if let team { operations.append(.write(person, TestDomain.team, .decided, .record(team))) }
        _ = try await service.author([(Roster.audience, operations)])
        return person
    }

    func move(_ person: RecordID, to team: RecordID?) async throws {
        let value = team.map { Value.record($0) } ?? .null
        _ = try await service.author(
            [(Roster.audience, [.write(person, TestDomain.team, .decided, value)])])
    }

    /// A new device of a person; of a new person when none is given.
    func device(of person: RecordID? = nil, team: RecordID? = nil) async throws -> TestDevice {
        var owner = person
        if owner == nil { owner = try await self.person("Anna", team: team) }
        guard let owner else { preconditionFailure("a person was just made") }
        let invitation = try await service.invite(person: owner, validMilliseconds: 1000)
        let key = try PrivateKey.generate()
        let replica = ReplicaID(clock.bits())
        let enrolment = Enrolment(
            secret: invitation.secret, publicKey: key.publicKey, replica: replica, deviceName: "laptop")
        let answer = try await service.enrol(enrolment)
        return TestDevice(server: self, person: owner, key: key, replica: replica, epoch: answer.epoch)
    }
}

/// Time and randomness of one test.
final class TestClock: Sendable {
    private struct State {
        var now: Int64 = 1_800_000_000_000
        var random = SplitMix64(seed: 20_260_101)
    }

    private let state = Mutex(State())
    private let rings: Bool

    init(rings: Bool) { self.rings = rings }

    var now: Int64 { state.withLock { $0.now } }
    func advance(_ milliseconds: Int64) { state.withLock { $0.now += milliseconds } }

    func bits() -> Identifier128 {
        state.withLock { Identifier128(high: $0.random.next(), low: $0.random.next()) }
    }

    var environment: ServerEnvironment {
        ServerEnvironment(
            nowMilliseconds: { self.now },
            randomBytes: { count in
                self.state.withLock { state in
                    (0..<count).map { _ in UInt8.random(in: 0...255, using: &state.random) }
                }
            },
            sleep: { [rings] _ in if !rings { try await Task.sleep(for: .seconds(86_400)) } },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }
}
