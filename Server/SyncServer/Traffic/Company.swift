import ChangeLog

/// Who else is there: whoever has much to send leaves room only where somebody needs it.
struct Company {
    private typealias Visit = (device: RecordID, moment: Int64)

    /// So long ago somebody still counts as there, milliseconds.
    private static let memory: Int64 = 1_000

    private var latest: Visit?
    /// The latest one of another device.
    private var other: Visit?

    /// - Parameter now: milliseconds since 1970 UTC.
    mutating func note(_ device: RecordID, now: Int64) {
        if let latest, latest.device != device { other = latest }
        latest = (device, now)
    }

    /// Whether a device has others beside it.
    func hasOthers(than device: RecordID, now: Int64) -> Bool {
        guard let visit = latest?.device == device ? other : latest else { return false }
        return now - visit.moment <= Self.memory
    }
}
