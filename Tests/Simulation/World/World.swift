import ChangeLog
import Cryptography
import Foundation
import OfflineReplica
import SyncProtocol
import SyncServer

/// One server, its people and their devices, on one thread and one clock.
///
/// Unchecked: it stays on the simulation's thread.
final class World: @unchecked Sendable {
    /// Devices that people work with. The last of them shares its person with the first.
    static let deviceCount = 4
    static let teamCount = 2
    /// So long nothing takes that comes to an end at all, milliseconds.
    private static let patience: Int64 = 30 * 86_400_000
    private static let people = ["anna", "bram", "carla"]

    let habits: Habits
    let folder: String
    let executor: DeterministicExecutor
    let clock: VirtualClock
    let log: WorldLog
    let leaks: LeakWatch
    let server: ServerHost
    /// The first of them are those of `deviceCount`; living copies of them follow.
    private(set) var hosts: [ReplicaHost] = []
    /// A device that may read everything, and writes nothing: it shows at the end what came of it all.
    private(set) var auditor: ReplicaHost?
    var oracle = Oracle()
    var verdicts = VerdictWatch()
    var care = ServerCare()
    let continuations = Continuations()
    /// How many disks there were, of which each has edits of its own.
    private var disks = 0
    var teams: [RecordID: Set<Int>] = [:]
    /// What was to be decided about them, where nobody knows whether it was.
    var unsureTeams: [RecordID: Set<Int>] = [:]
    var isSeasonClosed = false
    private let randomness: Randomness

    init(seed: UInt64, habits: Habits, folder: String) throws {
        self.habits = habits
        self.folder = folder
        executor = DeterministicExecutor(seed: seed)
        clock = VirtualClock(now: 1_800_000_000_000)
        log = WorldLog(clock: clock)
        randomness = Randomness(seed: seed ^ 0x0fed)
        let executor = executor
        leaks = LeakWatch(world: log, moment: { executor.moment })
        server = try ServerHost(
            folder: folder + "/server", clock: clock, randomness: randomness, world: log,
            batchEntries: habits.batchEntries)
    }

    /// Runs `body` to its end; everything else that is under way goes on beside it.
    func wait<Value: Sendable>(for body: @escaping () async throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        let work = Unshared(body)
        Task {
            do { outcome.result = .success(try await work.value()) } catch {
                outcome.result = .failure(error)
            }
        }
        // Who stays connected sleeps and wakes for ever.
        let end = clock.now + Self.patience
        while outcome.result == nil, clock.now < end {
            if executor.runOne() || clock.skip() { continue }
            throw Stuck()
        }
        guard let result = outcome.result else { throw Stuck() }
        return try result.get()
    }

    /// Something waits for what can never come.
    struct Stuck: Error {}

    /// Written and read on the simulation's thread alone.
    private final class Outcome<Value>: @unchecked Sendable { var result: Result<Value, any Error>? }
    private final class Unshared<Value>: @unchecked Sendable {
        let value: Value
        init(_ value: Value) { self.value = value }
    }

    /// Makes the server, the people, and their devices. Everybody begins in all teams, unless there are
    /// latecomers: then the second is in one of them, and the third in none.
    func found() throws {
        care.began(
            try wait {
                try await self.server.create()
                guard let service = self.server.service else { throw PowerLost() }
                return await service.head().0
            })
        let authority = try CertificateAuthority.create(
            commonName: "simulation", key: server.key, now: clock.now / 1000, validForDays: 3650)
        try tell(
            SimulatedDomain.theSeason,
            [
                .create(SimulatedDomain.theSeason, kind: SimulatedDomain.season, parent: nil, key: nil),
                .write(SimulatedDomain.theSeason, SimulatedDomain.closed, .decided, .boolean(false)),
            ])
        var persons: [RecordID] = []
        for (number, name) in (Self.people + ["auditor"]).enumerated() {
            let person = RecordID(Identifier128(high: 0x9e, low: UInt64(number)))
            persons.append(person)
            try tell(
                person,
                [
                    .create(person, kind: Roster.person, parent: nil, key: nil),
                    .write(person, Roster.personName, .decided, .text(name)),
                ])
            let isLate = habits.hasLatecomers && (1...2).contains(number)
            try setTeams(of: person, to: Set(0..<(isLate ? 2 - number : Self.teamCount)))
        }
        for device in 0..<Self.deviceCount {
            let owner = device % Self.people.count
            let isOld = habits.hasOldSchema && device == 1
            if isOld { log.count(.oldSchema) }
            let name = Self.people[owner] + (device < Self.people.count ? "" : "'s second")
            hosts.append(try enrol(name, persons[owner], device + 1, authority, isOld ? 1 : 2))
        }
        auditor = try enrol("auditor", persons[Self.people.count], Self.deviceCount + 1, authority, 2)
    }

    private func enrol(
        _ name: String, _ person: RecordID, _ number: Int, _ authority: CertificateAuthority,
        _ version: UInt32
    ) throws -> ReplicaHost {
        let key = try KnownKeys.key(number)
        let replica = ReplicaID(Identifier128(high: 0xdead, low: UInt64(number)))
        let server = server
        let enrolled = try wait {
            guard let service = server.service else { throw PowerLost() }
            let invitation = try await service.invite(person: person, validMilliseconds: 1_000_000)
            return try await service.enrol(
                Enrolment(
                    secret: invitation.secret, publicKey: key.publicKey, replica: replica, deviceName: name))
        }
        let identity = ReplicaIdentity(
            person: person, device: enrolled.device, replica: replica, address: "server:1",
            association: "simulation", serverKey: server.key.publicKey, epoch: enrolled.epoch)
        return try ReplicaHost(
            name: name, folder: folder + "/device\(number)", key: key, identity: identity,
            authority: authority, version: version, clock: clock, randomness: randomness, world: log,
            batchEntries: habits.batchEntries, line: DiskLine(disk: anotherDisk()))
    }

    func anotherDisk() -> Int {
        disks += 1
        return disks
    }

    /// Another computer goes on with a copy of a disk, beside the first.
    func add(copy: ReplicaHost) { hosts.append(copy) }

    /// All databases are closed, so that thousands of runs leave nothing open.
    func end() {
        let server = server
        for host in hosts + (auditor.map { [$0] } ?? []) { host.end() }
        do { try wait { await server.service?.close() } } catch {
            log.note("the server does not close: \(error)")
        }
    }

    /// A decision of the server itself; retried by nobody when it is down.
    ///
    /// - Returns: whether it was made.
    @discardableResult
    func tell(_ record: RecordID, _ operations: [ChangeLog.Operation]) throws -> Bool {
        let server = server
        do {
            return try wait {
                guard let service = server.service else { return false }
                let verdicts = try await service.author([(audience: Roster.audience, operations: operations)])
                return verdicts.allSatisfy { if case .accepted = $0.verdict { true } else { false } }
            }
        } catch is PowerLost { return false } catch is ServerError { return false }
    }

    @discardableResult
    func setTeams(of person: RecordID, to new: Set<Int>) throws -> Bool {
        let old = teams[person] ?? []
        care.decides(new, of: person)
        unsureTeams[person] = new
        for team in new.subtracting(old).sorted() {
            leaks.grants(SimulatedDomain.audience(ofTeam: team), to: person)
        }
        let list = new.sorted().map { Value.record(SimulatedDomain.team($0)) }
        let isDone = try tell(person, [.write(person, SimulatedDomain.teams, .decided, .list(list))])
        // Where nobody knows whether it was decided, both may be so, until it is decided anew.
        guard isDone else { return false }
        teams[person] = new
        unsureTeams[person] = nil
        for team in 0..<Self.teamCount where !new.contains(team) {
            leaks.revoked(SimulatedDomain.audience(ofTeam: team), from: person)
        }
        return true
    }
}
