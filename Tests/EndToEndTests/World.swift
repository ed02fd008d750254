import ChangeLog
import Cryptography
import Foundation
import Logging
import Nominations
import OfflineReplica
import SyncProtocol
import SyncServer
import VoordrachtClient

/// A real server on a free loopback port and replicas that reach it through a proxy, in folders of
/// their own; everything ends with `close`.
final class World: Sendable {
    let folder: URL
    let workspace: Workspace
    let proxy: CuttingProxy
    let requests: RequestLog
    let clock: ServerClock
    private let serving: Task<Void, any Error>

    static let rules = NominationRules.rules(hash: Replica.hash)

    private init(
        folder: URL, workspace: Workspace, proxy: CuttingProxy, requests: RequestLog, clock: ServerClock,
        serving: Task<Void, any Error>
    ) {
        self.folder = folder
        self.workspace = workspace
        self.proxy = proxy
        self.requests = requests
        self.clock = clock
        self.serving = serving
    }

    /// - Parameters:
    ///   - segments: how much becomes a segment.
    ///   - batchEntries: changes in a frame.
    static func open(
        limits: HTTPLimits = HTTPLimits(), segments: SegmentMeasure = SegmentMeasure(),
        batchEntries: Int = ProtocolLimits.batchEntries
    ) async throws -> World {
        let folder = FileManager.default.temporaryDirectory.appending(path: "voordracht-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let (requests, clock) = (RequestLog(), ServerClock())
        var environment = ServerEnvironment(
            nowMilliseconds: { clock.nowMilliseconds },
            randomBytes: { RandomBytes.make(count: $0) },
            logger: Logger(label: "server") { _ in RequestLog.Handler(log: requests) })
        environment.segmentMeasure = segments
        environment.batchEntries = batchEntries
        let workspace = try await Workspace.create(
            at: folder.appending(path: "server").path,
            configuration: WorkspaceConfiguration(
                addresses: [NetworkAddress(host: "127.0.0.1", port: 0)], association: "Sociaal Werk Nederland"
            ),
            rules: rules, environment: environment)
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let interface = SyncInterface(
            workspace: workspace, address: NetworkAddress(host: "127.0.0.1", port: 0), limits: limits
        ) { address in
            continuation.yield(address.port)
            continuation.finish()
        }
        let serving = Task { try await interface.run() }
        var port = 0
        for await value in ports { port = value }
        let proxy = CuttingProxy(target: port)
        try await proxy.start()
        return World(
            folder: folder, workspace: workspace, proxy: proxy, requests: requests, clock: clock,
            serving: serving)
    }

    func close() async throws {
        serving.cancel()
        try await proxy.stop()
        await workspace.service.close()
        try FileManager.default.removeItem(at: folder)
    }

    /// A person with these roles in the roster.
    func person(_ name: String, _ roles: [Role], organisation: RecordID? = nil) async throws -> RecordID {
        let outcome = try RosterCommands.addPerson(
            named: name, roles: roles, organisation: organisation, fresh: Self.fresh())
        try await author(outcome.operations)
        return outcome.record
    }

    func organisation(_ name: String) async throws -> RecordID {
        let outcome = try RosterCommands.addOrganisation(
            named: name, kvk: nil, fresh: Self.fresh(), hash: Replica.hash)
        try await author(outcome.operations)
        return outcome.record
    }

    func author(_ operations: [ChangeLog.Operation]) async throws {
        _ = try await workspace.service.author([(audience: Roster.audience, operations: operations)])
    }

    /// A link for this person that leads through the proxy.
    func link(for person: RecordID) async throws -> EnrolmentLink {
        let invitation = try await workspace.service.invite(person: person, validMilliseconds: 3_600_000)
        guard let print = ChangeHash(bytes: workspace.identity.authority.certificate.fingerprint.bytes)
        else { throw Reason(code: "test", message: "32 bytes were expected", remedy: "") }
        return EnrolmentLink(
            secret: invitation.secret, fingerprint: print, address: "127.0.0.1:\(proxy.port)")
    }

    /// A new device with the roster, as the program makes it.
    func enrol(_ person: RecordID, as name: String) async throws -> Replica {
        let replica = try await Replica.enrol(
            try await link(for: person).text, at: folder.appending(path: name).path, deviceName: name,
            rules: Self.rules)
        let report = await replica.exchange(over: try replica.connection())
        if let error = report.error { throw error }
        return replica
    }

    /// A new person with the face of the library and the roster.
    func member(
        _ name: String, _ roles: [Role], of organisation: RecordID?
    ) async throws -> Voordracht {
        let person = try await person(name, roles, organisation: organisation)
        let voordracht = try await Voordracht.enrol(
            try await link(for: person).text, at: folder.appending(path: name).path, deviceName: name)
        _ = try await Self.synced(voordracht)
        return voordracht
    }

    /// An exchange that must be complete.
    static func synced(_ voordracht: Voordracht) async throws -> SyncReport {
        let report = try await voordracht.sync()
        if let error = report.error { throw error }
        return report
    }

    /// The audiences that the server takes a device to hold.
    func holding(_ device: RecordID) async throws -> [AudienceID] {
        try await workspace.service.devices().filter { $0.device == device }.flatMap(\.audiences)
    }

    static func fresh() -> RecordID {
        guard let bits = Identifier128(bytes: RandomBytes.make(count: 16)) else {
            preconditionFailure("16 bytes make an id")
        }
        return RecordID(bits)
    }
}
