import ChangeLog
import SyncProtocol

extension Replica {
    /// Whether the server lets this device hand in what it has not sent, and nothing else any more.
    static func isRetired(_ error: any Error) -> Bool {
        (error as? ConnectionError)?.reason?.code == "device.retired"
    }

    /// The last session of a retired device: hands in what was never sent, deletes all that is held, and says so.
    ///
    /// What lies in the tray stays there, for its author. Cut short at any place, it is taken up again by the next
    /// exchange.
    func handIn(over connection: some FrameTransport, into report: inout ExchangeReport) async throws {
        try await pushAll(over: connection, into: &report)
        let held = try await read { try $0.audiences().map(\.audience) }
        try await revoke(held, because: Revocation.handedIn)
        report.purged += held
        let purged = try await purged()
        guard held.isEmpty || !purged.isEmpty else {
            throw ConnectionError(.busy, "Another program still reads what was deleted", at: folder)
        }
        try await connection.converse("/push", sending: [.hello(try await hello()), .purged(purged)]) {
            frame in
            if case .refusal(let reason) = frame { throw ConnectionError(refusal: reason) }
            return true
        }
        try await confirmPurged(purged)
        report.hasHandedIn = true
    }

    /// As in an exchange: this copy may have to go on as another one, or to be known again after a restore.
    private func pushAll(over connection: some FrameTransport, into report: inout ExchangeReport) async throws
    {
        for attempt in 1... {
            do {
                _ = try await push(over: connection, into: &report)
                return
            } catch let error where Self.isCopied(error) && attempt <= Self.continuations {
                try await goOn(over: connection, into: &report)
            } catch let error where Self.isForeign(error) && attempt == 1 {
                guard try await registerAgain(over: connection) else { throw error }
            }
        }
    }
}
