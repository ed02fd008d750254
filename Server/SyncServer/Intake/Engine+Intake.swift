import ChangeLog
import Logging
import SyncProtocol

extension Engine {
    /// Takes a batch in, a piece at a time: others have their turns in between.
    ///
    /// - Parameters:
    ///   - device: whose turns it takes.
    ///   - received: when the batch was here whole, milliseconds since 1970 UTC.
    ///   - logger: is told of each change that is not accepted.
    ///   - owner: whose the replica must be; asked in each turn, for rights may end in between.
    /// - Throws: `Reason` for what ends the conversation; the pieces before that are kept.
    func take(
        _ linked: LinkedBatch, of replica: ReplicaID, by device: DeviceIdentity, received: Int64,
        _ logger: Logger, from owner: @escaping @Sendable (ServerLedger) throws -> RecordID
    ) async throws -> Receipt {
        var receipt = Receipt(entries: [], decided: [], walked: 0)
        for piece in linked.divided(into: CommitQueue.quantum) {
            let part = try await queue.commit(for: device.device, cost: piece.cost) { ledger in
                let owner = try owner(ledger)
                return try intake(in: ledger, received: received).receive(piece, of: replica, from: owner)
            }
            tell(part.decided, to: logger)
            receipt.add(part)
        }
        return receipt
    }
}
