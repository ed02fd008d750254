public import ChangeLog
import Cryptography
import SyncProtocol
import Synchronization

/// An opened server folder: its keys, its configuration and the service on its database.
///
/// One process has it at a time (see `FolderLock`).
public final class Workspace: Sendable {
    public let folder: DataFolder
    public let identity: ServerIdentity
    public let service: SyncService
    public let environment: ServerEnvironment
    private let lock: FolderLock
    private let current: Mutex<WorkspaceConfiguration>

    public var configuration: WorkspaceConfiguration { current.withLock { $0 } }

    private init(
        folder: DataFolder, lock: FolderLock, identity: ServerIdentity,
        configuration: WorkspaceConfiguration, service: SyncService, environment: ServerEnvironment
    ) {
        self.folder = folder
        self.lock = lock
        self.identity = identity
        self.service = service
        self.environment = environment
        current = Mutex(configuration)
    }

    /// Makes a server: keys, authority, certificate and database, in a folder that is new or empty.
    ///
    /// The configuration is written last, so a folder without it was never finished.
    public static func create(
        at path: String, configuration: WorkspaceConfiguration, rules: DomainRules,
        environment: ServerEnvironment
    ) async throws -> Workspace {
        let identity = try ServerIdentity.create(
            hosts: hosts(of: configuration), now: environment.nowMilliseconds() / 1000)
        let folder = try DataFolder.create(path)
        do {
            return try await fill(folder, identity, configuration, rules: rules, environment: environment)
        } catch {
            folder.discard()
            throw error
        }
    }

    private static func fill(
        _ folder: DataFolder, _ identity: ServerIdentity, _ configuration: WorkspaceConfiguration,
        rules: DomainRules, environment: ServerEnvironment
    ) async throws -> Workspace {
        guard let lock = try FolderLock.acquire(in: folder) else {
            throw AdministrationError(.folderBusy, folder.path, place: folder.path)
        }
        try identity.write(to: folder)
        let service = try await SyncService.create(
            in: folder.path, rules: rules, key: identity.signingKey, environment: environment)
        try await service.publish(bundleKey: identity.bundleKey.publicKey)
        try configuration.write(to: folder)
        return Workspace(
            folder: folder, lock: lock, identity: identity, configuration: configuration,
            service: service, environment: environment)
    }

    /// Opens what `create` made; nil when another process has it.
    ///
    /// - Parameter addresses: under which names and ports new devices reach the server from now on; as
    ///   before when there are none.
    public static func open(
        at path: String, reachedUnder addresses: [NetworkAddress] = [], rules: DomainRules,
        environment: ServerEnvironment
    ) async throws -> Workspace? {
        let folder = DataFolder(path)
        // Asked first, since taking the lock would leave a file in a folder that is no server's.
        var configuration = try WorkspaceConfiguration.read(from: folder)
        guard let lock = try FolderLock.acquire(in: folder) else { return nil }
        configuration = try WorkspaceConfiguration.read(from: folder)
        try folder.removeSnapshots()
        let isMoved = !configuration.addresses.starts(with: addresses)
        if isMoved { configuration.move(to: addresses) }
        var identity = try ServerIdentity.read(from: folder)
        let now = environment.nowMilliseconds() / 1000
        if let renewed = try identity.renewed(hosts: hosts(of: configuration), now: now) {
            try renewed.writeServer(to: folder)
            identity = renewed
        }
        // After the certificate: links carry no address that it does not name.
        if isMoved { try configuration.write(to: folder) }
        let service = try await SyncService.open(
            in: folder.path, rules: rules, key: identity.signingKey, environment: environment)
        try await service.publish(bundleKey: identity.bundleKey.publicKey)
        return Workspace(
            folder: folder, lock: lock, identity: identity, configuration: configuration,
            service: service, environment: environment)
    }

    /// Makes a server of the files of a backup, which are in the folder already, in a new epoch.
    ///
    /// - Parameter bytes: of the configuration, which is written last.
    static func restore(
        in folder: DataFolder, configuration bytes: [UInt8], rules: DomainRules,
        environment: ServerEnvironment
    ) async throws -> (workspace: Workspace, record: EpochRecord) {
        guard let lock = try FolderLock.acquire(in: folder) else {
            throw AdministrationError(.folderBusy, folder.path, place: folder.path)
        }
        let identity = try ServerIdentity.read(from: folder)
        let (service, record) = try await SyncService.restore(
            in: folder.path, rules: rules, key: identity.signingKey, environment: environment)
        try await service.publish(bundleKey: identity.bundleKey.publicKey)
        try folder.write(bytes, to: WorkspaceConfiguration.name)
        let workspace = Workspace(
            folder: folder, lock: lock, identity: identity,
            configuration: try WorkspaceConfiguration.read(from: folder), service: service,
            environment: environment)
        return (workspace, record)
    }

    /// Declares that the folder was put back to an earlier moment, and has gone another way than devices know since: a
    /// new epoch begins, which goes on from what both share, and keeps what is here.
    ///
    /// - Throws: `AdministrationError` `folder.busy` while the server runs; `fork.beyond`.
    public static func declareFork(
        at path: String, sharing past: SharedPast, rules: DomainRules, environment: ServerEnvironment
    ) async throws -> EpochRecord {
        let folder = DataFolder(path)
        _ = try WorkspaceConfiguration.read(from: folder)
        guard let lock = try FolderLock.acquire(in: folder) else {
            throw AdministrationError(.folderBusy, path, place: path)
        }
        defer { withExtendedLifetime(lock) {} }
        let key = try ServerIdentity.read(from: folder).signingKey
        let (service, record) = try await SyncService.restore(
            in: folder.path, inheriting: past, rules: rules, key: key, environment: environment)
        await service.close()
        return record
    }

    /// The names that the server's certificate carries, each once.
    private static func hosts(of configuration: WorkspaceConfiguration) -> [String] {
        var hosts: [String] = []
        for address in configuration.addresses where !hosts.contains(address.host) {
            hosts.append(address.host)
        }
        return hosts
    }

    /// Remembers the port that links carry instead of the configured one; nil for that one again.
    func listens(onTakenPort port: Int?) throws {
        let configuration = current.withLock { configuration in
            configuration.takenPort = port
            return configuration
        }
        try configuration.write(to: folder)
    }

    /// Writes operations of the server itself, as one change.
    ///
    /// - Throws: the reason, when the change is not accepted.
    public func write(_ operations: [Operation], in audience: AudienceID) async throws {
        _ = try await write(operations, in: audience) { _ in Bool?.none }
    }

    /// The same, unless something is known already: nobody else can write it in between.
    ///
    /// - Returns: what is known; nil where it was written.
    public func write<Known: Sendable>(
        _ operations: [Operation], in audience: AudienceID,
        unless known: @escaping @Sendable (any FactSource) throws -> Known?
    ) async throws -> Known? {
        let (found, entries) = try await service.author(
            [(audience: audience, operations: operations)], unless: known)
        for entry in entries {
            switch entry.verdict {
            case .accepted: continue
            case .held(let reason), .refused(let reason): throw reason
            case .waiting: throw AdministrationError(.changeNotAccepted, entry.change.description)
            }
        }
        return found
    }

    /// A random id.
    public func freshRecord() -> RecordID {
        guard let bits = Identifier128(bytes: environment.randomBytes(16)) else {
            preconditionFailure("16 bytes were asked for")
        }
        return RecordID(bits)
    }

    /// The link that hands an invitation to a person.
    public func link(for invitation: Invitation) -> String {
        guard let fingerprint = ChangeHash(bytes: identity.authority.certificate.fingerprint.bytes) else {
            preconditionFailure("a SHA-256 digest has 32 bytes")
        }
        return EnrolmentLink(
            secret: invitation.secret, fingerprint: fingerprint,
            address: configuration.address.description
        ).text
    }

    public func close() async { await service.close() }
}
