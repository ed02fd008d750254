package import ChangeLog
import Cryptography
import Foundation
import SyncProtocol

/// What a replica takes from the world: the time and randomness.
public struct ReplicaEnvironment: Sendable {
    /// The wall clock, milliseconds since 1970 UTC; it may be wrong and may go back.
    public var nowMilliseconds: @Sendable () -> Int64
    /// This many unpredictable bytes.
    public var randomBytes: @Sendable (Int) -> [UInt8]
    /// Returns after this long, or throws when its task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void
    /// With it, transactions run on the thread of whoever asks for them.
    package var probe: TransactionProbe?
    /// How those who have the replica open hear of a commit; nil for the file beside the database.
    package var signal: (any CommitSignal)?
    /// Changes in one batch of a push, at least one action.
    package var batchEntries = ProtocolLimits.batchEntries

    public init(
        nowMilliseconds: @escaping @Sendable () -> Int64,
        randomBytes: @escaping @Sendable (Int) -> [UInt8],
        sleep: @escaping @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) {
        self.nowMilliseconds = nowMilliseconds
        self.randomBytes = randomBytes
        self.sleep = sleep
    }

    /// The clock of this machine and the generator of libcrypto.
    public static let system = ReplicaEnvironment(
        nowMilliseconds: { Int64(Date().timeIntervalSince1970 * 1000) },
        randomBytes: { RandomBytes.make(count: $0) })
}
