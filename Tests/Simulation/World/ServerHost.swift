import ChangeLog
import Cryptography
import Foundation
import Logging
import SyncProtocol
import SyncServer
import TransparencyLog

/// The one server: the real service on real files, through as many lives as it takes.
///
/// Unchecked: it stays on the simulation's thread.
final class ServerHost: @unchecked Sendable {
    /// Of the life that runs: a restored server has another one.
    private(set) var folder: String
    let key: PrivateKey
    private let clock: VirtualClock
    private let randomness: Randomness
    private let world: WorldLog
    private let batchEntries: Int
    private(set) var power = PowerSwitch()
    /// nil between two lives.
    private(set) var service: SyncService?

    /// - Parameter batchEntries: changes in one batch that it sends.
    init(
        folder: String, clock: VirtualClock, randomness: Randomness, world: WorldLog, batchEntries: Int
    ) throws {
        self.batchEntries = batchEntries
        self.folder = folder
        self.clock = clock
        self.randomness = randomness
        self.world = world
        key = try KnownKeys.key(0)
    }

    private var environment: ServerEnvironment {
        let (clock, randomness, world) = (clock, randomness, world)
        var environment = ServerEnvironment(
            nowMilliseconds: { clock.now }, randomBytes: { randomness.bytes($0) },
            sleep: { try await clock.sleep($0) },
            logger: Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() })
        environment.probe = power.probe { world.count(.diskFull) }
        environment.batchEntries = batchEntries
        return environment
    }

    func create() async throws {
        service = try await SyncService.create(
            in: folder, rules: SimulatedDomain.rules(), key: key, environment: environment)
    }

    /// Takes no further requests; those that have begun go on.
    func stop() { service = nil }

    func crash() {
        power.kill()
        service = nil
    }

    /// Whether it died by its fuse since it was last asked.
    func buryIfDead() {
        guard service != nil, !power.isAlive else { return }
        world.count(power.died ?? .crashBeforeCommit)
        world.note("the server dies")
        service = nil
    }

    func restart() async throws {
        power = PowerSwitch()
        service = try await SyncService.open(
            in: folder, rules: SimulatedDomain.rules(), key: key, environment: environment)
    }

    /// Copies all that it has, as it is in one moment.
    ///
    /// - Parameter isBackup: by the running server, as a backup does; else file by file, as whoever copies a disk.
    func keep(in copy: String, isBackup: Bool) async throws {
        guard isBackup else { return try FileManager.default.copyItem(atPath: folder, toPath: copy) }
        guard let service else { throw PowerLost() }
        try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: true)
        _ = try await service.copyDatabase(to: copy + "/server.db")
    }

    /// It is lost, and another goes on from a copy, in a new epoch.
    ///
    /// - Parameters:
    ///   - copy: what `keep` made; it stays as it is.
    ///   - other: a folder for the new one.
    ///   - ready: is told before anybody else speaks to it.
    func restore(
        from copy: String, in other: String, ready: (SyncService) async throws -> Void
    ) async throws {
        try replace(by: copy, in: other)
        let restored = try await SyncService.restore(
            in: folder, rules: SimulatedDomain.rules(), key: key, environment: environment)
        try await ready(restored.service)
        service = restored.service
    }

    /// Its files are replaced by older ones, and nobody tells it.
    func putBack(
        _ copy: String, in other: String, ready: (SyncService) async throws -> Void
    ) async throws {
        try replace(by: copy, in: other)
        let old = try await SyncService.open(
            in: folder, rules: SimulatedDomain.rules(), key: key, environment: environment)
        try await ready(old)
        service = old
    }

    private func replace(by copy: String, in other: String) throws {
        crash()
        try FileManager.default.copyItem(atPath: copy, toPath: other)
        folder = other
        power = PowerSwitch()
    }

    /// Answers a request as the programs' HTTP interface does, frame by frame.
    ///
    /// - Parameter isWhole: whether it ends where its sender ended it.
    func answer(
        _ path: String, _ request: [Frame], isWhole: Bool = true, from key: PublicKey,
        _ emit: (Frame) async throws -> Void
    ) async throws {
        guard let service else { throw PowerLost() }
        do {
            let device = try await service.device(publicKey: key)
            let hasPurged = try await converse(service, path, request, device, emit)
            // What was cut off on the way ends no last session: what it pushes may stand behind.
            if device.isRetired, hasPurged, isWhole { try await service.handedIn(by: device) }
        } catch let reason as Reason {
            try await emit(.refusal(reason))
        } catch let error as ServerError {
            // One that is closed says nothing more.
            guard self.service === service else { throw PowerLost() }
            let code = "server.\(error.code.rawValue)"
            try await emit(.refusal(Reason(code: code, message: error.message, remedy: "")))
        }
    }

    /// - Returns: whether a push told to its end what its device has deleted.
    private func converse(
        _ service: SyncService, _ path: String, _ request: [Frame], _ device: DeviceIdentity,
        _ emit: (Frame) async throws -> Void
    ) async throws -> Bool {
        var session = ServerSession(path == "/push" ? .push : .pull)
        var opened: Hello?
        // The size of the tree that the client knows, where it asks, and of the one that it was told.
        var (known, told): (UInt64?, UInt64) = (nil, 0)
        var fingerprints: [RangeFingerprint] = []
        var hasPurged = false
        for frame in request {
            switch session.receive(frame) {
            case .welcome(let hello):
                opened = hello
                guard path == "/push" else { continue }
                let (epoch, head) = await service.head()
                try await emit(.welcome(Welcome(epoch: epoch, head: head, milliseconds: clock.now)))
            case .judge(let batch):
                guard let hello = opened else { return false }
                do {
                    let verdicts = try await service.push(batch, from: device, replica: hello.replica)
                    for frame in Frame.verdicts(dividing: verdicts) { try await emit(frame) }
                } catch let reason as Reason where reason.code == "replica.copied" {
                    let shared = try await service.shared(batch, from: device, replica: hello.replica)
                    for frame in Frame.verdicts(dividing: shared) { try await emit(frame) }
                    throw reason
                }
            case .offer(let batch):
                let verdicts = try await service.offer(batch, by: device)
                for frame in Frame.verdicts(dividing: verdicts) { try await emit(frame) }
            case .continue(let continuation):
                try await service.continue(continuation, by: device)
                try await emit(.continued(continuation))
            case .answer(let changes):
                let verdicts = try await service.verdicts(of: changes, for: device)
                for frame in Frame.verdicts(dividing: verdicts) { try await emit(frame) }
            case .tell(let parts) where path == "/pull": fingerprints = parts
            case .tell(let parts):
                try await emit(.differing(try await service.differing(parts, for: device).differing ?? []))
            case .compare(let size) where path == "/pull": known = size
            case .compare(let size):
                let comparison = try await service.comparison(with: size)
                told = comparison.signed.head.size
                try await emit(.tree(comparison))
            case .prove(let change):
                try await emit(.receipt(try await service.receipt(of: change, in: told, for: device)))
            // A simulated wire carries no files, and in the simulated domain no moment is waited for.
            case .segment, .lodge, .believe: continue
            case .purged(let audiences):
                // What a retired one says of it belongs to its last session, which is a push.
                guard path == "/push" || !device.isRetired else { continue }
                try await service.purged(audiences, by: device)
                hasPurged = path == "/push"
            case .stream(let want):
                guard let hello = opened else { return false }
                let frames = service.pull(
                    hello, want, known: known, fingerprints: fingerprints, for: device)
                for try await frame in frames {
                    try await emit(frame)
                }
            case .refuse(let reason):
                try await emit(.refusal(reason))
                return false
            }
        }
        return hasPurged
    }
}
