import Cryptography
import Foundation

/// What a replica takes from the world: the time and randomness.
public struct ReplicaEnvironment: Sendable {
    /// The wall clock, milliseconds since 1970 UTC; it may be wrong and may go back.
    public var nowMilliseconds: @Sendable () -> Int64
    /// This many unpredictable bytes.
    public var randomBytes: @Sendable (Int) -> [UInt8]

    public init(
        nowMilliseconds: @escaping @Sendable () -> Int64,
        randomBytes: @escaping @Sendable (Int) -> [UInt8]
    ) {
        self.nowMilliseconds = nowMilliseconds
        self.randomBytes = randomBytes
    }

    /// The clock of this machine and the generator of libcrypto.
    public static let system = ReplicaEnvironment(
        nowMilliseconds: { Int64(Date().timeIntervalSince1970 * 1000) },
        randomBytes: { RandomBytes.make(count: $0) })
}
