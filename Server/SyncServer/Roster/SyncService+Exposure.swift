public import ChangeLog
import GRDB

extension SyncService {
    /// What devices hold that they may not read any more, as far as is known: on lost devices, on retired ones that
    /// have not handed it in, and of people whose right has ended and whose device has not confirmed that it is gone.
    ///
    /// - Returns: in rising order of device, then audience.
    public func exposures() async throws -> [Exposure] {
        let reports = try await devices().filter { $0.person != nil && !$0.audiences.isEmpty }
        let membership = engine.membership
        return try await engine.read { ledger in
            try reports.flatMap { report -> [Exposure] in
                var readable: Set<AudienceID> = []
                if let person = report.person, report.standing == Roster.active {
                    readable = Set(try membership.readable(by: person, in: ledger))
                }
                return try report.audiences.filter { !readable.contains($0) }.map { audience in
                    try ledger.exposure(of: audience, on: report)
                }
            }
        }
    }
}

/// An audience on a device that may not read it.
public struct Exposure: Hashable, Sendable {
    public let device: DeviceReport
    public let audience: AudienceID
    /// At most so many changes of it are there: all up to the revocation of the device; all that there are where the
    /// device is in use, and only the right to this audience has ended.
    public let changes: Int
    /// The records that these create.
    public let records: Int
    /// When the newest of them was received, milliseconds since 1970 UTC; nil without any.
    public let newestMilliseconds: Int64?
}

extension ServerLedger {
    fileprivate func exposure(of audience: AudienceID, on report: DeviceReport) throws -> Exposure {
        var through = try head()
        if report.standing != Roster.active,
            let revoked = try holder(of: Roster.deviceStanding, of: report.device, in: Roster.audience)
        {
            through = revoked.position
        }
        let number = try audienceNumber(audience)
        let changes = try db.one(
            """
            SELECT count(*), max(v.received) FROM change c
            JOIN verdict v ON v.replica = c.replica AND v.number = c.number
            WHERE c.audience = ? AND c.position <= ?
            """, [number, through.value.pattern])
        let records = try db.one(
            "SELECT count(*) FROM origin WHERE audience = ? AND position <= ?",
            [number, through.value.pattern])
        return Exposure(
            device: report, audience: audience, changes: changes?[0] ?? 0, records: records?[0] ?? 0,
            newestMilliseconds: changes?[1])
    }
}
