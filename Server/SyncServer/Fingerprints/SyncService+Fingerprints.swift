public import SyncProtocol

extension SyncService {
    /// Changes that one question may make the server look at.
    private static let changesPerQuestion = 65_536

    /// Compares what a device has in parts of audiences with what stands here.
    ///
    /// - Returns: the parts that are otherwise here, of audiences that the device may read; and how many changes
    ///   were looked at for it.
    /// - Throws: `ProtocolError` `tooLarge`.
    public func differing(
        _ parts: [RangeFingerprint], for device: DeviceIdentity
    ) async throws -> (ranges: [FingerprintRange], walked: Int) {
        let (membership, fingerprints) = (engine.membership, engine.fingerprints)
        return try await engine.read { ledger in
            try fingerprints.differing(
                parts, readable: try membership.readable(by: device.person, in: ledger),
                limit: Self.changesPerQuestion, in: ledger)
        }
    }
}
