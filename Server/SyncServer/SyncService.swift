public import ChangeLog
public import Cryptography
public import SyncProtocol

/// The server without its network: it orders, admits, keeps and hands on changes.
///
/// Every answer about a change is given after the transaction that holds it was committed and
/// synced to disk. All functions may be called at once from any task.
public final class SyncService: Sendable {
    /// Creates the database in `folder` (mode 0700, made when absent), with a new epoch, the server's
    /// own replica, and its device record as the first change in `everyone`.
    ///
    /// - Throws: `ServerError` `.present` when there is one already, `.rules` when the domain refuses
    ///   the server's own record.
    public static func create(
        in folder: String, rules: DomainRules, key: PrivateKey, environment: ServerEnvironment
    ) async throws -> SyncService {
        fatalError("being written")
    }

    /// Opens what `create` made.
    ///
    /// - Throws: `ServerError` `.absent`, `.foreign`, `.newer`, `.notDurable` or `.damaged`.
    public static func open(
        in folder: String, rules: DomainRules, key: PrivateKey, environment: ServerEnvironment
    ) async throws -> SyncService {
        fatalError("being written")
    }

    /// The server's own replica, which writes the roster.
    public var replica: ReplicaID { fatalError("being written") }

    /// The enrolled device with this key.
    ///
    /// - Throws: `Reason` `device.unknown`, `device.retired` or `device.lost`.
    public func device(publicKey: PublicKey) async throws -> DeviceIdentity {
        fatalError("being written")
    }

    /// Judges the changes of a batch and keeps them with their verdicts, all durably.
    ///
    /// Pushed again, they get their current verdicts again. Being cancelled does not undo it.
    ///
    /// - Throws: `Reason` for what ends the conversation: a replica that is not this device's
    ///   (`replica.foreign`) or that was copied (`replica.copied`), a chain without its signature.
    ///   Nothing of the batch is kept then.
    public func push(
        _ batch: Batch, from device: DeviceIdentity, replica: ReplicaID
    ) async throws -> [VerdictEntry] {
        fatalError("being written")
    }

    /// The current verdicts of changes of this device.
    ///
    /// A change that was never received is waiting behind 0.
    ///
    /// - Throws: `Reason` `replica.foreign`.
    public func verdicts(
        of changes: [ChangeID], for device: DeviceIdentity
    ) async throws -> [VerdictEntry] {
        fatalError("being written")
    }

    /// The frames of a pull, made on demand: a slow reader holds no more than one batch in memory.
    ///
    /// The welcome comes first. The stream ends after `current`, unless it is live; a live one goes on
    /// with every commit, says `pulse` when nothing happens for 15 s, and ends with a refusal as soon
    /// as the device is revoked.
    public func pull(
        _ hello: Hello, _ want: Want, for device: DeviceIdentity
    ) -> AsyncThrowingStream<Frame, any Error> {
        fatalError("being written")
    }

    /// The device has deleted what it held of these audiences.
    public func purged(_ audiences: [AudienceID], by device: DeviceIdentity) async throws {
        fatalError("being written")
    }

    /// Lets one device of this person enrol within this time.
    ///
    /// - Throws: `Reason` `enrolment.person` when there is no such person.
    public func invite(person: RecordID, validMilliseconds: Int64) async throws -> Invitation {
        fatalError("being written")
    }

    /// Enrols a device; repeated with the same secret and key, it gives the same answer.
    ///
    /// - Throws: `Reason` `enrolment.unknown`, `.used`, `.expired`, `.device` or `.replica`.
    public func enrol(_ enrolment: Enrolment) async throws -> EnrolledDevice {
        fatalError("being written")
    }

    /// Writes changes of the server itself, as one group when there are several.
    ///
    /// - Throws: `ServerError` for a bad number of changes; a refusal by the rules is a verdict.
    public func author(
        _ changes: [(audience: AudienceID, operations: [Operation])]
    ) async throws -> [VerdictEntry] {
        fatalError("being written")
    }

    /// Reads decided facts in one consistent view.
    public func read<T: Sendable>(
        _ body: @escaping @Sendable (any FactSource) throws -> T
    ) async throws -> T {
        fatalError("being written")
    }

    /// All devices, in rising order of id.
    public func devices() async throws -> [DeviceReport] { fatalError("being written") }

    /// Ends a device's rights; open pulls of it end at once.
    ///
    /// - Throws: `Reason` `device.unknown`.
    public func revoke(device: RecordID, lost: Bool) async throws { fatalError("being written") }

    /// What waits for the secretariat, oldest first.
    public func held() async throws -> [HeldReport] { fatalError("being written") }

    /// Gives a held change (with its group) a position, and judges what waits behind it.
    ///
    /// - Throws: `Reason` `change.notHeld`; or why it cannot stand any more, in which case it is refused.
    public func release(_ change: ChangeID) async throws { fatalError("being written") }

    /// Refuses a held change (with its group), and judges what waits behind it.
    ///
    /// - Throws: `Reason` `change.notHeld`.
    public func decline(_ change: ChangeID, reason: String) async throws {
        fatalError("being written")
    }

    /// Walks order, chains, signatures and verdicts, and computes the facts again.
    public func verify() async throws -> VerificationReport { fatalError("being written") }

    /// The current epoch and the newest position that is committed.
    public func head() async -> (Epoch, Position) { fatalError("being written") }

    /// Whether changes can be kept durably now.
    public func isReady() async -> Bool { fatalError("being written") }

    /// Ends all pulls, lets what is being committed finish, and closes the database.
    public func close() async { fatalError("being written") }
}
