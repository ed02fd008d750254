import ChangeLog
import SyncProtocol

extension SyncService {
    /// Whether the device may still have what comes of a segment.
    func mayFetch(_ segment: Segment, _ device: DeviceIdentity) async throws -> Bool {
        let membership = engine.membership
        return try await engine.read { ledger in
            guard try ledger.standingFault(of: device.device) == nil,
                let audience = try ledger.name(ofAudience: segment.audience)
            else { return false }
            return try membership.readable(by: device.person, in: ledger).contains(audience)
        }
    }

    /// The file of a segment with this name.
    ///
    /// - Returns: nil where there is none, or the device may not read its audience now: that is one answer.
    /// - Throws: `Reason` when the device may not ask any more; `ServerError`.
    func segment(
        named hash: ChangeHash, for device: DeviceIdentity
    ) async throws -> (file: SegmentFile, segment: Segment)? {
        let membership = engine.membership
        return try await engine.segments.file(named: hash) { ledger in
            if let reason = try ledger.standingFault(of: device.device) { throw reason }
            return try membership.readable(by: device.person, in: ledger)
        }
    }
}
