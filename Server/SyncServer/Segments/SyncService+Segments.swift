import ChangeLog
import SyncProtocol

extension SyncService {
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
