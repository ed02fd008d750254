package import SyncProtocol

extension SyncService {
    /// Changes that one question may make the server look at.
    private static let changesPerQuestion = 65_536

    /// Compares what a device has in parts of audiences with what stands here.
    ///
    /// - Returns: the parts that are otherwise here, of audiences that the device may read.
    /// - Throws: `Reason` where the device may not ask any more.
    package func differing(
        _ parts: [RangeFingerprint], for device: DeviceIdentity
    ) async throws -> FingerprintComparison {
        let (membership, fingerprints) = (engine.membership, engine.fingerprints)
        return try await engine.read { ledger in
            if let reason = try ledger.standingFault(of: device.device) { throw reason }
            return try fingerprints.differing(
                parts, readable: try membership.readable(by: device.person, in: ledger),
                limit: Self.changesPerQuestion, in: ledger)
        }
    }
}
