/// A moment in the life of a store at which a simulation may let time pass, fail or stop it.
///
/// Client and server ask their environment at each of these, where it has an answer; a program has none.
package enum TransactionStep: Hashable, Sendable {
    case willRead
    case willWrite
    /// Durable, and nobody knows it yet.
    case didWrite
}

/// Throws instead of the transaction, or in the place of its result.
package typealias TransactionProbe = @Sendable (TransactionStep) async throws -> Void
