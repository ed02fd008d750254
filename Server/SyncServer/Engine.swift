import ChangeLog
import CoreMetrics
import Cryptography
import GRDB
import SyncProtocol

/// The parts of the server and how they hang together: store, writer, membership, wake-ups.
struct Engine: Sendable {
    let store: ServerStore
    let epoch: Epoch
    /// How the epochs of this server began, the oldest first.
    let epochs: [SignedEpoch]
    let author: ServerAuthor
    let judge: Judge
    let queue: CommitQueue
    let membership: Membership
    let fanOut: FanOut
    let pulls = OpenPulls()
    let unsettled = Unsettled()
    let fingerprints = AudienceFingerprints()
    let segments: SegmentShelf
    let metrics: ServerMetrics
    let environment: ServerEnvironment

    init(
        store: ServerStore, rules: DomainRules, key: PrivateKey, environment: ServerEnvironment
    ) async throws {
        let start = try await store.read(environment.probe) { db in
            let ledger = ServerLedger(db, epoch: Epoch(0))
            guard let epoch = try ledger.meta("epoch"), epoch.count == 8,
                let bytes = try ledger.meta("replica"), let replica = Identifier128(bytes: bytes)
            else {
                throw ServerError(
                    .damaged, "The constants of this server are missing", remedy: "Restore a backup")
            }
            return (
                Epoch(epoch.reduce(0) { $0 << 8 | UInt64($1) }), ReplicaID(replica), try ledger.head(),
                try ServerLedger.epochs(db)
            )
        }
        let (epoch, replica, head, epochs) = start
        let membership = Membership(rules: rules, head: head)
        let metrics = ServerMetrics(environment.metrics)
        let fanOut = FanOut(sleep: environment.sleep) { metrics.wakeUps.increment(by: $0) }
        fanOut.announce(head)
        self.store = store
        self.epoch = epoch
        self.epochs = epochs
        self.membership = membership
        self.fanOut = fanOut
        self.metrics = metrics
        self.environment = environment
        judge = Judge(
            rules: rules, hash: sha256, epochs: EpochLineage(epoch, epochs.map(\.record)))
        author = ServerAuthor(
            replica: replica, device: Self.device(of: key.publicKey), key: key,
            schema: rules.schema.version)
        queue = CommitQueue(
            store: store, probe: environment.probe, makeLedger: { ServerLedger($0, epoch: epoch) },
            observer: CommitQueue.Observer(
                willCommit: { ledger in
                    try ledger.writeTree(signedBy: key, at: environment.nowMilliseconds())
                    try membership.willCommit(ledger)
                }, didCommit: { fanOut.announce($0) }),
            metrics: metrics)
        segments = SegmentShelf(store: store, queue: queue, epoch: epoch, environment: environment)
    }

    /// The id of a device's record: the hash of its public key.
    static func device(of key: PublicKey) -> RecordID {
        Roster.key(ofDevice: key.subjectPublicKeyInfo).record(kind: Roster.device, hash: sha256)
    }

    /// Reads in one snapshot, off the cooperative threads.
    func read<Value: Sendable>(
        _ body: @escaping @Sendable (ServerLedger) throws -> Value
    ) async throws -> Value {
        let epoch = epoch
        return try await store.read(environment.probe) { try body(ServerLedger($0, epoch: epoch)) }
    }

    /// Takes changes in within a transaction of the queue.
    ///
    /// - Parameter received: when they came, which is before they had their turn; nil for now.
    func intake(in ledger: ServerLedger, received: Int64? = nil) -> Intake {
        Intake(ledger: ledger, judge: judge, now: received ?? environment.nowMilliseconds())
    }

    /// Unpredictable bits.
    func randomBits() -> Identifier128 {
        guard let bits = Identifier128(bytes: environment.randomBytes(16)) else {
            preconditionFailure("the environment gave another number of bytes than 16")
        }
        return bits
    }
}
