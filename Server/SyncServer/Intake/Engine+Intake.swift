import ChangeLog
import Logging
import SyncProtocol

extension Engine {
    /// Takes a batch in, a piece at a time: others have their turns in between.
    ///
    /// - Parameters:
    ///   - device: whose turns it takes.
    ///   - received: when the batch was here whole, milliseconds since 1970 UTC.
    ///   - earlier: by their hashes, when some were received before a restore.
    ///   - logger: is told of each change that is not accepted.
    ///   - rest: is called between two pieces, with what the first one has cost.
    ///   - told: gets what came of each piece as soon as that is durable: a later one may be refused.
    ///   - owner: whose the replica must be; asked in each turn, for rights may end in between.
    /// - Throws: `Reason` for what ends the conversation; the pieces before that are kept.
    func take(
        _ linked: LinkedBatch, of replica: ReplicaID, by device: DeviceIdentity, received: Int64,
        earlier: [ChangeHash: Int64] = [:], _ logger: Logger, rest: (_ cost: Int) async -> Void = { _ in },
        told: ([VerdictEntry]) async throws -> Void = { _ in },
        from owner: @escaping @Sendable (ServerLedger) throws -> RecordID
    ) async throws -> Receipt {
        var receipt = Receipt()
        let seed = randomBits()
        for (index, piece) in linked.divided(into: CommitQueue.quantum).enumerated() {
            if index > 0 { await rest(CommitQueue.quantum) }
            let (part, witnessed) = try await queue.commit(for: device.device, cost: piece.cost) { ledger in
                let owner = try owner(ledger)
                let intake = intake(in: ledger, received: received)
                // What was lodged of a chain may come with a later piece.
                let witnessed =
                    index > 0
                    ? [] : try witness(linked, of: replica, received: received, seed: seed, in: ledger)
                return (
                    try intake.receive(piece, of: replica, from: owner, earlier: earlier), witnessed
                )
            }
            tell(witnessed + part.decided, to: logger)
            settleOn(replica, in: part.cut, of: device.device, logger)
            receipt.add(part)
            try await told(part.entries)
        }
        return receipt
    }

    /// Judges more of what waits, a piece at a time: it may be much, and others have their turns in between.
    ///
    /// What fails, as when the disk is full, is tried again for an hour; after that, and where the server stops, it goes on
    /// with the next push to the audience, or when the server starts.
    func settleOn(
        _ replica: ReplicaID, in audiences: Set<Int64>, of device: RecordID, _ logger: Logger
    ) {
        guard !audiences.isEmpty, unsettled.add(audiences, of: replica) else { return }
        Task {
            var patience = Self.attempts
            while let cut = unsettled.next(of: replica) {
                do {
                    try await environment.sleep(TrafficLimits.rest * CommitQueue.quantum)
                    let part = try await queue.commit(for: device, cost: CommitQueue.quantum) { ledger in
                        try intake(in: ledger).goOn(with: replica, in: cut)
                    }
                    tell(part.decided, to: logger)
                    _ = unsettled.add(part.cut, of: replica)
                    patience = Self.attempts
                } catch {
                    _ = unsettled.add(cut, of: replica)
                    patience -= 1
                    LogEntry(action: .push, object: "\(replica)", result: FailureCode.text(error))
                        .write(to: logger, .warning, "What waits was not judged")
                    let isOver = fanOut.isClosed || patience == 0
                    if isOver { return unsettled.giveUp(replica) }
                    do { try await environment.sleep(.seconds(60)) } catch {
                        return unsettled.giveUp(replica)
                    }
                }
            }
        }
    }

    /// How often it is tried again in vain, once a minute.
    private static let attempts = 60

    /// Goes on where the server stopped.
    func settleCutShort() async throws {
        let logger = environment.logger
        for chain in try await read({ try $0.chainsCutShort() }) {
            settleOn(chain.replica, in: [chain.audience], of: chain.device, logger)
        }
    }
}
