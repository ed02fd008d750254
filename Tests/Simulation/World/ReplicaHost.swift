import ChangeLog
import Cryptography
import Foundation
import OfflineReplica
import SyncProtocol
import Synchronization

/// One device of a person: the real replica on real files, through as many lives as it takes.
///
/// Unchecked: it stays on the simulation's thread.
final class ReplicaHost: @unchecked Sendable {
    let name: String
    let folder: String
    let key: PrivateKey
    let person: RecordID
    let rules: DomainRules
    private(set) var replica: Replica
    private var other: Replica?
    private(set) var power: PowerSwitch
    private var bell: CommitBell
    let skew: Skew
    private let clock: VirtualClock
    private let randomness: Randomness
    private let world: WorldLog
    private let batchEntries: Int
    /// Forms that are open: what they showed stays.
    var forms: [Screen] = []
    /// A pull that stays open.
    var live: Task<Void, Never>?
    /// A program that stays connected, and comes back by itself.
    var watch: Task<Void, Never>?
    /// Whether it reaches the server.
    var isConnected = true
    /// Whether it hears nothing of what the server answers.
    var isDeaf = false
    /// Whether nothing befalls its conversations any more.
    var isCalm = false
    /// Whether the server has ended its rights.
    var isRevoked = false
    /// Whether it was retired, and has handed in what it had.
    var hasHandedIn = false
    /// Whether it counts as lost then.
    var isLost = false
    /// As lost or not, where nobody knows whether it was: the answer did not come.
    var unsureRevocation: Bool?
    /// The frames of its latest request of each kind.
    var said: [String: [Frame]] = [:]
    /// What was recorded on its disk.
    var line: DiskLine
    /// A copy of its disk that somebody has in a drawer.
    private(set) var kept: KeptDisk?
    /// How many copies were made of it.
    private var copies = 0
    /// Of which device it is a living copy.
    private(set) var original: Int?
    /// Whether another disk may use the same numbers.
    var isOneOfMany = false

    /// The files of a disk as they were, and what had been recorded on them.
    struct KeptDisk {
        let folder: String
        let line: DiskLine
    }

    /// How far its clock is off, milliseconds.
    final class Skew: Sendable {
        private let state = Mutex<Int64>(0)
        var value: Int64 {
            get { state.withLock { $0 } }
            set { state.withLock { $0 = newValue } }
        }
    }

    init(
        name: String, folder: String, key: PrivateKey, identity: ReplicaIdentity,
        authority: CertificateAuthority, version: UInt32, clock: VirtualClock, randomness: Randomness,
        world: WorldLog, batchEntries: Int, line: DiskLine
    ) throws {
        self.batchEntries = batchEntries
        self.line = line
        self.name = name
        self.folder = folder
        self.key = key
        self.clock = clock
        self.randomness = randomness
        self.world = world
        person = identity.person
        rules = SimulatedDomain.rules(version: version)
        skew = Skew()
        power = PowerSwitch()
        bell = CommitBell()
        let certificate = try authority.issueDevice(
            request: try CertificateRequest.make(key: key, commonName: "device"), commonName: "device",
            now: clock.now / 1000, validForDays: 30)
        replica = try Replica.create(
            at: folder, identity: identity, key: key, certificate: certificate,
            authority: authority.certificate, rules: rules,
            environment: Self.environment(power, skew, clock, randomness, world, batchEntries, bell))
    }

    private static func environment(
        _ power: PowerSwitch, _ skew: Skew, _ clock: VirtualClock, _ randomness: Randomness,
        _ world: WorldLog, _ batchEntries: Int, _ bell: CommitBell
    ) -> ReplicaEnvironment {
        var environment = ReplicaEnvironment(
            nowMilliseconds: { clock.now + skew.value }, randomBytes: { randomness.bytes($0) },
            sleep: { try await clock.sleep($0) })
        environment.probe = power.probe { world.count(.diskFull) }
        environment.batchEntries = batchEntries
        environment.signal = bell
        return environment
    }

    /// The program dies, and another is started on what it left.
    func restart() throws {
        if !power.isAlive, let fault = power.died {
            world.count(fault)
        } else {
            world.count(.crashBeforeCommit)
        }
        power.kill()
        leave()
        let old = replica
        power = PowerSwitch()
        bell = CommitBell()
        replica = try secondProcess()
        // After the new one has opened the file: the last to close it would tidy up, which the dead do not.
        try old.close()
        try other?.close()
        other = nil
    }

    /// Whatever stays connected ends.
    func leave() {
        live?.cancel()
        watch?.cancel()
        (live, watch) = (nil, nil)
    }

    /// Another program on the same folder, which goes on beside this one and shares its fate.
    func second() throws -> Replica {
        if let other { return other }
        world.count(.secondProcess)
        let made = try secondProcess()
        other = made
        return made
    }

    private func secondProcess() throws -> Replica {
        try Replica.open(
            at: folder, rules: rules,
            environment: Self.environment(power, skew, clock, randomness, world, batchEntries, bell))
    }

    /// Somebody copies the disk as it is, with what the database has not taken over yet.
    func keepDisk() throws {
        copies += 1
        let copy = "\(folder)-kept\(copies)"
        try FileManager.default.copyItem(atPath: folder, toPath: copy)
        kept = KeptDisk(folder: copy, line: line)
    }

    /// The disk is lost, and the program goes on from the copy; it runs nowhere meanwhile.
    ///
    /// - Parameter disk: the number of the disk that it goes on with.
    func putBack(_ kept: KeptDisk, disk: Int) throws {
        power.kill()
        try replica.close()
        try FileManager.default.removeItem(atPath: folder)
        try FileManager.default.copyItem(atPath: kept.folder, toPath: folder)
        power = PowerSwitch()
        bell = CommitBell()
        replica = try secondProcess()
        line = DiskLine(disk: disk, copying: kept.line)
        forms = []
        isOneOfMany = true
    }

    /// Goes on beside another host, from a copy of its disk.
    ///
    /// - Parameters:
    ///   - original: the number of the device.
    ///   - disk: the number of the disk that the copy goes on with.
    init(copying kept: KeptDisk, of other: ReplicaHost, original: Int, name: String, disk: Int) throws {
        self.name = name
        self.original = original
        folder = "\(kept.folder)-\(disk)"
        key = other.key
        person = other.person
        rules = other.rules
        clock = other.clock
        randomness = other.randomness
        world = other.world
        batchEntries = other.batchEntries
        skew = Skew()
        skew.value = other.skew.value
        power = PowerSwitch()
        bell = CommitBell()
        line = DiskLine(disk: disk, copying: kept.line)
        isOneOfMany = true
        try FileManager.default.copyItem(atPath: kept.folder, toPath: folder)
        replica = try Replica.open(
            at: folder, rules: rules,
            environment: Self.environment(power, skew, clock, randomness, world, batchEntries, bell))
    }

    func end() {
        do {
            try replica.close()
            try other?.close()
        } catch { world.note("\(name) does not close: \(error)") }
    }
}
