public import MunicipalRegister

/// Wall-clock time in the Netherlands, in which deadlines are given.
///
/// Covers the rule of the European Union in force since 1996 (directive 2000/84/EC): summer time from
/// the last Sunday of March to the last Sunday of October, both at 01:00 UTC. It is computed here, not
/// taken from the system, so that all replicas agree.
public enum AmsterdamTime {
    /// What stands in for a day that cannot be; unreachable from records that the rules admit.
    static let epoch: CivilDate = {
        guard let day = CivilDate(daysSince1970: 0) else { preconditionFailure("a constant day") }
        return day
    }()
    private static let millisecondsPerDay: Int64 = 86_400_000
    private static let millisecondsPerHour: Int64 = 3_600_000

    /// The day of a moment, in milliseconds since 1970 UTC; moments beyond the calendar are brought to
    /// its ends.
    public static func day(of milliseconds: Int64) -> CivilDate {
        let bounded = min(max(milliseconds, -62_135_596_800_000), 253_402_214_400_000)
        let local = bounded + offset(at: bounded)
        let days = Int(local >= 0 ? local / millisecondsPerDay : (local + 1) / millisecondsPerDay - 1)
        return CivilDate(daysSince1970: days) ?? epoch
    }

    /// Milliseconds by which the wall clock is ahead of UTC at a moment.
    public static func offset(at milliseconds: Int64) -> Int64 {
        let days = Int(milliseconds >= 0 ? milliseconds / millisecondsPerDay : -1)
        guard let year = CivilDate(daysSince1970: days)?.year, let start = lastSunday(of: 3, in: year),
            let end = lastSunday(of: 10, in: year)
        else { return millisecondsPerHour }
        let isSummer = milliseconds >= start + millisecondsPerHour && milliseconds < end + millisecondsPerHour
        return isSummer ? 2 * millisecondsPerHour : millisecondsPerHour
    }

    /// Reads `YYYY-MM-DD`, or that with `THH:MM` or `THH:MM:SS`, and `Z` for UTC (ISO 8601); without it
    /// the time is that of Amsterdam. A day alone means its first moment, or its last when `isEnd`.
    ///
    /// An hour that occurs twice is taken for the first; nil for anything else than these forms.
    public static func instant(_ text: String, isEnd: Bool = false) -> Int64? {
        var bytes = Array(text.utf8)
        let isUTC = bytes.last == UInt8(ascii: "Z")
        if isUTC { bytes.removeLast() }
        guard bytes.count >= 10, let day = CivilDate(iso: String(decoding: bytes[..<10], as: UTF8.self))
        else { return nil }
        let midnight = Int64(day.daysSince1970) * millisecondsPerDay
        if bytes.count == 10 {
            if isUTC { return nil }
            return utc(isEnd ? midnight + millisecondsPerDay : midnight) - (isEnd ? 1 : 0)
        }
        guard let time = milliseconds(bytes[10...]) else { return nil }
        return isUTC ? midnight + time : utc(midnight + time)
    }

    /// `2017-06-01T10:00:00Z`, the form of all times in results.
    public static func iso(_ milliseconds: Int64) -> String {
        let bounded = min(max(milliseconds, 0), 253_402_300_799_000)
        let day = CivilDate(daysSince1970: Int(bounded / millisecondsPerDay)) ?? epoch
        let seconds = Int(bounded % millisecondsPerDay / 1000)
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60]
        return day.iso + "T" + parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":") + "Z"
    }

    /// `THH:MM` or `THH:MM:SS` as milliseconds.
    private static func milliseconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
        guard bytes.first == UInt8(ascii: "T") else { return nil }
        let parts = bytes.dropFirst().split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 else { return nil }
        var numbers: [Int64] = []
        for part in parts {
            guard part.count == 2, part.allSatisfy({ (48...57).contains($0) }) else { return nil }
            numbers.append(part.reduce(0) { $0 * 10 + Int64($1 - 48) })
        }
        let seconds = numbers.count == 3 ? numbers[2] : 0
        guard numbers[0] < 24, numbers[1] < 60, seconds < 60 else { return nil }
        return (numbers[0] * 3600 + numbers[1] * 60 + seconds) * 1000
    }

    /// The moment at which a clock in Amsterdam shows this, taking the earlier of two.
    private static func utc(_ local: Int64) -> Int64 {
        let summer = local - 2 * millisecondsPerHour
        return offset(at: summer) == 2 * millisecondsPerHour ? summer : local - millisecondsPerHour
    }

    /// The first moment of a month's last Sunday, UTC; all months asked for have 31 days.
    private static func lastSunday(of month: Int, in year: Int) -> Int64? {
        guard let last = CivilDate(year: year, month: month, day: 31)?.daysSince1970, last >= 0 else {
            return nil
        }
        // 1970-01-01 was a Thursday, four days after a Sunday.
        return Int64(last - (last + 4) % 7) * millisecondsPerDay
    }
}
