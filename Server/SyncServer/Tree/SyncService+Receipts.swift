public import ChangeLog
public import SyncProtocol

extension SyncService {
    /// The newest signed tree head, and the proof that it goes on from the tree of a known size.
    ///
    /// - Parameter known: 0 for none. A size beyond the newest has no proof.
    public func comparison(with known: UInt64) async throws -> TreeComparison {
        try await engine.read { try $0.comparison(with: known) }
    }

    /// What the server can show of a change: the leaf of its newest verdict, in the tree of a size that was
    /// told before.
    ///
    /// - Throws: `Reason` `receipt.unknown` for a change that was not received, that this device may not
    ///   read, or whose verdict is newer than that tree.
    public func receipt(
        of change: ChangeID, in size: UInt64, for device: DeviceIdentity
    ) async throws -> ReceiptEvidence {
        let membership = engine.membership
        return try await engine.read { ledger in
            try ledger.evidence(of: change, in: size, for: device.device) { audience in
                try membership.readable(by: device.person, in: ledger).contains(audience)
            }
        }
    }
}
