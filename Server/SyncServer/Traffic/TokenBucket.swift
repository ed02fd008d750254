/// Counts what somebody may still use: it fills at a rate up to a burst, and may be in debt.
///
/// After the token bucket of Turner, "New directions in communications" (1986). What something costs is often
/// known only once it is there, so it is spent then, and whoever is in debt waits before the next.
struct TokenBucket: Hashable {
    private let allowance: TrafficLimits.Allowance
    /// In thousandths, so that a millisecond at the lowest rate counts.
    private var level: Int64
    /// Up to when it was filled, milliseconds.
    private var moment: Int64

    /// A full one.
    init(_ allowance: TrafficLimits.Allowance, now: Int64) {
        self.allowance = allowance
        level = Self.thousandths(allowance.burst)
        moment = now
    }

    private static func thousandths(_ amount: Int64) -> Int64 {
        let (product, overflow) = amount.multipliedReportingOverflow(by: 1000)
        return overflow ? .max / 4 : min(product, .max / 4)
    }

    /// A clock that was put back fills nothing, and takes nothing away.
    private mutating func fill(until now: Int64) {
        let elapsed = now.subtractingReportingOverflow(moment)
        moment = now
        guard !elapsed.overflow, elapsed.partialValue > 0 else { return }
        let (gain, overflow) = elapsed.partialValue.multipliedReportingOverflow(by: allowance.rate)
        let full = Self.thousandths(allowance.burst)
        level = overflow ? full : min(full, level + min(gain, full - level))
    }

    /// How long until it is out of debt, milliseconds; 0 when it is not in any.
    mutating func wait(now: Int64) -> Int64 {
        fill(until: now)
        return level >= 0 ? 0 : (-level + allowance.rate - 1) / allowance.rate
    }

    /// Takes an amount, at most a burst deep into debt.
    mutating func spend(_ amount: Int64, now: Int64) {
        fill(until: now)
        let full = Self.thousandths(allowance.burst)
        level = max(-full, level - min(Self.thousandths(max(amount, 0)), full + max(level, 0)))
    }

    /// Whether it is as good as new.
    mutating func isFull(now: Int64) -> Bool {
        fill(until: now)
        return level >= Self.thousandths(allowance.burst)
    }
}
