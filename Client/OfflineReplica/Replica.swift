public import ChangeLog
public import Cryptography
import GRDB
import Synchronization

/// One installed copy of a workspace: everything its person may read, and every edit made here.
///
/// It works without a network. An edit is durable, and in what is read, when `record` returns; it
/// reaches others by an exchange with the server. Several processes may use one folder at once: each
/// transaction reads what it builds on, and nothing is remembered between two.
///
///     let replica = try Replica.open(at: folder, rules: rules)
///     let changes = try await replica.record([draft])
///     let titles = try await replica.read { try $0.summaries().map(\.title) }
public final class Replica: Sendable {
    /// The path of the folder that it lives in.
    public let folder: String
    public let rules: DomainRules
    public let environment: ReplicaEnvironment
    let place: ReplicaFolder
    let pool: DatabasePool
    let signal: any CommitSignal
    private let known: Mutex<ReplicaIdentity>

    /// Who writes here, as this object last knew it; its replica may have been continued by another program.
    public var identity: ReplicaIdentity { known.withLock { $0 } }

    private init(
        _ place: ReplicaFolder, _ pool: DatabasePool, identity: ReplicaIdentity, rules: DomainRules,
        environment: ReplicaEnvironment
    ) {
        self.place = place
        self.pool = pool
        known = Mutex(identity)
        self.rules = rules
        self.environment = environment
        folder = place.path
        signal = environment.signal ?? ChangeSignal(file: place.signal)
    }

    /// Makes a replica in a folder, which is made too. It is there whole, or not at all.
    ///
    /// - Throws: `ReplicaError` `exists`, `notWritable` or `diskFull`.
    public static func create(
        at folder: String, identity: ReplicaIdentity, key: PrivateKey, certificate: Certificate,
        authority: Certificate, rules: DomainRules, environment: ReplicaEnvironment = .system
    ) throws -> Replica {
        let place = ReplicaFolder(folder)
        try place.make()
        if place.holdsReplica, try ReplicaDatabase.isMarked(place) {
            throw ReplicaError(.exists, "There is a replica in \(place.path) already", at: place.path)
        }
        try place.write(key: key)
        try place.write(certificate: certificate)
        try place.write(authority: authority)
        try place.touch(place.signal)
        let pool = try ReplicaDatabase.create(place) { try identity.insert($0) }
        return Replica(place, pool, identity: identity, rules: rules, environment: environment)
    }

    /// Opens the replica in a folder, without a network.
    ///
    /// - Throws: `ReplicaError` `notEnrolled`, `notWritable`, `corrupt` or `newerVersion`.
    public static func open(
        at folder: String, rules: DomainRules, environment: ReplicaEnvironment = .system
    ) throws -> Replica {
        let place = ReplicaFolder(folder)
        try place.demandReplica()
        try place.checkWritable()
        try place.touch(place.signal)
        let pool = try ReplicaDatabase.open(place)
        let identity = try StorageFailure.translating(place.database) {
            try pool.read { try ReplicaIdentity($0) }
        }
        return Replica(place, pool, identity: identity, rules: rules, environment: environment)
    }

    /// Ends all use of the database by this object. Nothing is lost without it.
    public func close() throws {
        try StorageFailure.translating(place.database) { try pool.close() }
    }

    public func key() throws -> PrivateKey { try place.key() }
    public func certificate() throws -> Certificate { try place.certificate() }
    public func authority() throws -> Certificate { try place.authority() }

    /// Takes over a renewed certificate of the same key.
    public func replace(certificate: Certificate) throws { try place.write(certificate: certificate) }

    /// The newest view.
    public func view() async throws -> View { try await read { try $0.view() } }

    /// Reads one consistent moment, without waiting for writers.
    public func read<Result: Sendable>(
        _ body: @escaping @Sendable (ReplicaReader) throws -> Result
    ) async throws -> Result {
        let (identity, rules) = (identity, rules)
        do {
            return try await reading { db in
                try body(ReplicaReader(db: db, identity: identity.current(db), rules: rules))
            }
        } catch { throw StorageFailure.translated(error, place.database) }
    }

    /// Records one action durably: the log, what is read, and the clock, in one transaction. Drafts
    /// in several audiences become one group.
    ///
    /// - Parameter view: what the screen showed on which the edit was made; nil for the newest.
    /// - Returns: the changes made; none when the drafts ask for nothing that is not so already.
    /// - Throws: `Reason` when the rules refuse it or the view cannot be (`base.future`).
    @discardableResult
    public func record(_ drafts: [Draft], on view: View? = nil) async throws -> [ChangeID] {
        try await record(on: view) { _ in (drafts, ()) }.changes
    }

    /// Records what `draft` makes of the newest moment: what it reads and what is recorded are one
    /// transaction, which nothing comes between.
    ///
    /// - Returns: the changes made, and what `draft` gave beside its drafts.
    public func record<Result: Sendable>(
        on view: View? = nil,
        _ draft: @escaping @Sendable (ReplicaReader) throws -> (drafts: [Draft], result: Result)
    ) async throws -> (changes: [ChangeID], result: Result) {
        let (identity, rules, environment) = (identity, rules, environment)
        do {
            let recorded = try await writing { db in
                let identity = try identity.current(db)
                let reader = ReplicaReader(db: db, identity: identity, rules: rules)
                let (drafts, result) = try draft(reader)
                let recorder = Recorder(db: db, identity: identity, rules: rules, environment: environment)
                return (changes: try recorder.record(drafts, on: view, reading: reader), result: result)
            }
            // Nobody is told where there is nothing new to see.
            if !recorded.changes.isEmpty { signal.raise() }
            return recorded
        } catch { throw StorageFailure.translated(error, place.database) }
    }

    /// Makes all that is read anew from the log.
    public func rebuild() async throws {
        let schema = rules.schema
        try await write { db in
            try ReadModel(db: db, schema: schema).rebuild()
            try ReplicaState.advance(db)
        }
    }

    /// What a program above this one keeps here under a name of its own.
    public func setting(_ name: String) async throws -> String? {
        try await read { reader in
            try String.fetchOne(
                reader.db, sql: "SELECT value FROM setting WHERE name = ?", arguments: [name])
        }
    }

    /// nil removes it.
    public func set(_ name: String, to value: String?) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM setting WHERE name = ?", arguments: [name])
            guard let value else { return }
            try db.execute(
                sql: "INSERT INTO setting (name, value) VALUES (?, ?)", arguments: [name, value])
        }
    }

    /// It goes on as another replica.
    func take(over identity: ReplicaIdentity) { known.withLock { $0 = identity } }

    /// Runs one immediate transaction, and tells everybody who watches.
    func write<Result: Sendable>(
        _ body: @escaping @Sendable (Database) throws -> Result
    ) async throws -> Result {
        do {
            let result = try await writing(body)
            signal.raise()
            return result
        } catch { throw StorageFailure.translated(error, place.database) }
    }
}

extension Replica {
    /// What SQLite says it does at a commit: 2 is that it waits until the disk has it.
    package func synchronousLevel() throws -> Int {
        try StorageFailure.translating(place.database) {
            try pool.writeWithoutTransaction { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
        }
    }
}
