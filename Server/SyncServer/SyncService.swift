public import ChangeLog
public import Cryptography
import GRDB
import Logging
public import SyncProtocol
public import TransparencyLog

/// The server without its network: it orders, admits, keeps and hands on changes.
///
/// Every answer about a change is given after the transaction that holds it was committed and
/// synced to disk. All functions may be called at once from any task.
public final class SyncService: Sendable {
    let engine: Engine

    private init(_ engine: Engine) { self.engine = engine }

    /// Creates the database in `folder` (mode 0700, made when absent), with a new epoch, the server's
    /// own replica, and its device record as the first change in `everyone`.
    ///
    /// - Throws: `ServerError` `.present` when there is one already, `.rules` when the domain refuses
    ///   the server's own record.
    public static func create(
        in folder: String, rules: DomainRules, key: PrivateKey, environment: ServerEnvironment
    ) async throws -> SyncService {
        let store = try ServerStore.create(in: folder)
        let (epoch, replica) = (environment.randomBytes(8), environment.randomBytes(16))
        let device = Engine.device(of: key.publicKey)
        try await store.writing(environment.probe) { db in
            try db.inTransaction {
                let ledger = ServerLedger(db, epoch: Epoch(0))
                try ledger.setMeta("epoch", epoch)
                try ledger.setMeta("replica", replica)
                try ledger.setMeta("device", device.bytes)
                try ledger.db.run(
                    "INSERT INTO replica (bits, device) VALUES (?, ?)", [replica.blob, device.bytes.blob])
                return .commit
            }
        }
        let engine = try await Engine(store: store, rules: rules, key: key, environment: environment)
        let record = RosterEntry(
            publicKey: key.publicKey, person: nil, replica: engine.author.replica, name: "server")
        try await engine.write([(Roster.audience, record.operations)])
        return SyncService(engine)
    }

    /// Opens what `create` made.
    ///
    /// - Throws: `ServerError` `.absent`, `.foreign`, `.newer`, `.notDurable` or `.damaged`, also when
    ///   `key` is not the one that it was made with.
    public static func open(
        in folder: String, rules: DomainRules, key: PrivateKey, environment: ServerEnvironment
    ) async throws -> SyncService {
        let store = try ServerStore.open(in: folder)
        let engine = try await Engine(store: store, rules: rules, key: key, environment: environment)
        guard try await engine.read({ try $0.meta("device") }) == engine.author.device.bytes else {
            throw ServerError(
                .damaged, "The signing key is not the one that this server was made with",
                remedy: "Restore the key and the database from the same backup")
        }
        try await engine.settleCutShort()
        return SyncService(engine)
    }

    /// The server's own replica, which writes the roster.
    public var replica: ReplicaID { engine.author.replica }

    /// Judges the changes of a batch and keeps them with their verdicts, all durably.
    ///
    /// Pushed again, they get their current verdicts again. Being cancelled does not undo it.
    ///
    /// - Throws: `Reason` for what ends the conversation: a replica that is not this device's
    ///   (`replica.foreign`) or that was copied (`replica.copied`), a chain without its signature.
    ///   Of a large batch the pieces before that one are kept.
    /// - Parameter evidence: what this server said of its changes before it was restored.
    public func push(
        _ batch: Batch, from device: DeviceIdentity, replica: ReplicaID, evidence: [EarlierReceipt] = []
    ) async throws -> [VerdictEntry] {
        try await push(
            batch, from: device, replica: replica, evidence, engine.environment.logger.acting(device)
        ).entries
    }

    /// - Parameters:
    ///   - received: the moment at which the batch was here whole, milliseconds since 1970 UTC; nil for now.
    ///   - logger: that of the request; it is told of each change that is not accepted.
    ///   - rest: is called between two pieces of it, with what the first one has cost.
    ///   - told: gets the verdicts of each piece as soon as they are durable.
    func push(
        _ batch: Batch, from device: DeviceIdentity, replica: ReplicaID, received: Int64? = nil,
        _ evidence: [EarlierReceipt] = [], _ logger: Logger, rest: (_ cost: Int) async -> Void = { _ in },
        told: ([VerdictEntry]) async throws -> Void = { _ in }
    ) async throws -> Receipt {
        let engine = engine
        let received = received ?? engine.environment.nowMilliseconds()
        let linked = LinkedBatch(batch, of: replica, key: device.publicKey, hash: engine.judge.hash)
        return try await engine.take(
            linked, of: replica, by: device, received: received,
            earlier: engine.earlier(linked, evidence), logger, rest: rest, told: told
        ) { ledger in
            if let reason = try ledger.pushFault(of: device.device) { throw reason }
            return device.device
        }
    }

    /// What a batch that was refused as that of a copied replica shares with the one that was here first.
    ///
    /// - Returns: the verdicts of its changes before the first one that differs: all before that are the same.
    public func shared(
        _ batch: Batch, from device: DeviceIdentity, replica: ReplicaID
    ) async throws -> [VerdictEntry] {
        let engine = engine
        let linked = LinkedBatch(batch, of: replica, key: device.publicKey, hash: engine.judge.hash)
        return try await engine.read { ledger in
            try engine.intake(in: ledger).shared(linked, of: replica, from: device.device)
        }
    }

    /// The current verdicts of changes of this device.
    ///
    /// A change that was never received is waiting behind 0.
    ///
    /// - Throws: `Reason` `replica.foreign`.
    public func verdicts(
        of changes: [ChangeID], for device: DeviceIdentity
    ) async throws -> [VerdictEntry] {
        try await engine.read { ledger in
            try changes.map { change in
                guard let replica = try ledger.replicaRow(change.replica), replica.device == device.device
                else { throw Refusal.replicaForeign }
                let verdict = try ledger.verdict(of: replica.number, change.number)
                return VerdictEntry(change: change, verdict: verdict ?? .waiting(behind: 0))
            }
        }
    }

    /// The frames of a pull, made on demand: a slow reader holds no more than one batch in memory.
    ///
    /// The welcome comes first. The stream ends after `current`, unless it is live; a live one goes on
    /// with every commit, says `pulse` when nothing happens for 15 s, and ends with a refusal as soon
    /// as the device is revoked. Cancelling its reader ends it.
    ///
    /// - Parameter known: the size of the newest tree that the client knows, 0 for none: the newest head
    ///   follows the welcome then. nil asks for none.
    /// - Parameter fingerprints: what the device has up to its cursor; what differs follows the tree head.
    /// - Parameter takesSegments: whether large lanes are named as segments; not in a live pull.
    public func pull(
        _ hello: Hello, _ want: Want, known: UInt64? = nil, fingerprints: [RangeFingerprint] = [],
        takesSegments: Bool = false, for device: DeviceIdentity
    ) -> AsyncThrowingStream<Frame, any Error> {
        let stream = stream(
            hello, want, known: known, fingerprints: fingerprints, takesSegments: takesSegments, for: device)
        return AsyncThrowingStream { try await stream.next() }
    }

    /// The same, to be asked frame by frame: what waits in a live pull for hours is as little as can be.
    func stream(
        _ hello: Hello, _ want: Want, known: UInt64? = nil, fingerprints: [RangeFingerprint] = [],
        takesSegments: Bool = false, for device: DeviceIdentity
    ) -> PullStream {
        // What segments leave over comes with the next pull, and a live one has none.
        PullStream(
            engine: engine, hello: hello, want: want, known: known, fingerprints: fingerprints,
            takesSegments: takesSegments && !want.isLive, device: device)
    }

    /// Ends all pulls, for good: nothing begins after it but what is being answered already.
    func endPulls() { engine.fanOut.close() }

    /// The device has deleted what it held of these audiences.
    public func purged(_ audiences: [AudienceID], by device: DeviceIdentity) async throws {
        let (id, device) = (device.device, device.device.bytes.blob)
        // A request may name tens of thousands of audiences: the writer is kept for those that are held.
        let named = Set(audiences)
        let held = try await engine.read { ledger in
            try ledger.db.all(
                """
                SELECT a.id, a.name FROM holding h JOIN audience a ON a.id = h.audience WHERE h.device = ?
                """, [device]
            ).filter { named.contains(try $0.audience(1)) }.map { $0[0] as Int64 }
        }
        guard !held.isEmpty else { return }
        try await engine.queue.commit(for: id) { ledger in
            for number in held {
                try ledger.db.run(
                    "DELETE FROM holding WHERE device = ? AND audience = ?", [device, number])
            }
        }
    }

    /// A retired device has handed in all that it had, and holds nothing any more: that was its last session.
    public func handedIn(by device: DeviceIdentity) async throws {
        let (id, device) = (device.device, device.device.bytes.blob)
        let now = engine.environment.nowMilliseconds()
        try await engine.queue.commit(for: id) { ledger in
            try ledger.db.run("INSERT OR IGNORE INTO retirement VALUES (?, ?)", [device, now])
            try ledger.db.run("DELETE FROM holding WHERE device = ?", [device])
        }
    }

    /// Writes changes of the server itself, as one group when there are several (at most 16).
    ///
    /// - Throws: `ServerError` for too many changes; a refusal by the rules is a verdict.
    public func author(
        _ changes: [(audience: AudienceID, operations: [Operation])]
    ) async throws -> [VerdictEntry] {
        try await author(changes) { _ in Bool?.none }.entries
    }

    /// The same, unless something is known already: nobody else can write it in between.
    ///
    /// - Returns: what is known; or nil, and the verdicts on what was written.
    public func author<Known: Sendable>(
        _ changes: [(audience: AudienceID, operations: [Operation])],
        unless known: @escaping @Sendable (any FactSource) throws -> Known?
    ) async throws -> (known: Known?, entries: [VerdictEntry]) {
        let engine = engine
        let seeds = changes.map { _ in engine.randomBits() }
        let (found, receipt) = try await engine.queue.commit { ledger -> (Known?, Receipt?) in
            if let found = try known(ledger) { return (found, nil) }
            return (nil, try engine.author.write(changes, seeds: seeds, through: engine.intake(in: ledger)))
        }
        guard let receipt else { return (found, []) }
        engine.tell(receipt.decided, to: engine.environment.logger)
        return (nil, receipt.entries)
    }

    /// Reads decided facts in one consistent view.
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any FactSource) throws -> T
    ) async throws -> T {
        try await engine.read { try body($0) }
    }

    /// Walks order, chains, signatures, verdicts and the tree, and computes the facts again.
    ///
    /// - Parameter witnesses: signed heads of the tree that others have seen, by a name for each.
    public func verify(
        against witnesses: [(name: String, head: SignedTreeHead)] = []
    ) async throws -> VerificationReport {
        let key = engine.author.key.publicKey
        let heads = witnesses.map { WitnessedHead(place: $0.name, signed: $0.head) }
        return try await engine.read { ledger in
            var audit = Audit(ledger: ledger, serverKey: key, witnesses: heads)
            return try audit.run()
        }
    }

    /// The current epoch and the newest position that is committed.
    public func head() async -> (Epoch, Position) {
        (engine.epoch, engine.fanOut.head)
    }

    /// Whether changes can be kept durably now; false where full syncs are off, or once it closes.
    ///
    /// A look at the disk, and after a commit that failed a small one: whoever asks, and anybody may,
    /// makes a healthy server write nothing.
    ///
    /// - Throws: `ServerError` `.diskFull` or `.storage`.
    public func isReady() async throws -> Bool {
        guard !engine.fanOut.isClosed else { return false }
        let store = engine.store
        if let error = ServerError(whenFull: store.path) { throw error }
        if await engine.queue.hasFailed { try await engine.queue.commit(ServerStore.rehearse) }
        do {
            return try await store.pool.writeWithoutTransaction { try ServerStore.synchronousLevel($0) == 2 }
        } catch { throw StoreFailure.translated(error, store.path) }
    }

    /// Ends all pulls, lets what is being committed finish, and closes the database.
    public func close() async {
        endPulls()
        await engine.segments.finish()
        do {
            // Behind everything that was handed over before.
            try await engine.queue.commit { _ in }
            try engine.store.pool.close()
        } catch {
            engine.environment.logger.error("The database cannot be closed: \(FailureCode.text(error))")
        }
    }
}
