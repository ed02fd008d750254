public import ChangeLog
public import Cryptography
import GRDB

extension SyncService {
    /// Opens the database of a backup, and begins a new epoch there: signed, and logged in the order and in the
    /// tree as the first thing that happens after the restore point.
    ///
    /// - Parameter past: how much the new epoch inherits; nil for all. With less it declares that the server was put
    ///   back to there, and has gone another way than devices know since: what it took in since stays in its order.
    /// - Throws: as `open`; `ServerError` `.rules` when the domain refuses the record of the epoch;
    ///   `AdministrationError` `fork.beyond`.
    public static func restore(
        in folder: String, inheriting past: SharedPast? = nil, rules: DomainRules, key: PrivateKey,
        environment: ServerEnvironment
    ) async throws -> (service: SyncService, record: EpochRecord) {
        // Whose it is, and whether it can be opened at all, is found out before anything is written.
        let old = try await open(in: folder, rules: rules, key: key, environment: environment)
        let parent = old.engine.epoch
        let fresh = environment.randomBytes(8).reduce(0) { $0 << 8 | UInt64($1) }
        let record = try await old.engine.store.writing(environment.probe) { db in
            var begun: EpochRecord?
            try db.inTransaction {
                begun = try ServerLedger(db, epoch: parent).beginEpoch(
                    Epoch(fresh), inheriting: past, signedBy: key, at: environment.nowMilliseconds())
                return .commit
            }
            guard let begun else { preconditionFailure("a transaction that did not run its body") }
            return begun
        }
        await old.close()
        let service = try await open(in: folder, rules: rules, key: key, environment: environment)
        try await service.engine.write([(Roster.audience, record.operations(sha256))])
        return (service, record)
    }

    /// How the epochs of this server began, the oldest first.
    public var epochs: [SignedEpoch] { engine.epochs }
}
