/// How long to wait before the next try: doubling from one second to five minutes, with full jitter,
/// so that six hundred clients do not come back at one moment.
///
/// After "Exponential Backoff And Jitter" (Brooker, 2015).
public struct Backoff: Hashable, Sendable {
    public private(set) var failures = 0
    private let firstMilliseconds: Int64
    private let longestMilliseconds: Int64

    public init(firstMilliseconds: Int64 = 1000, longestMilliseconds: Int64 = 300_000) {
        precondition(firstMilliseconds > 0 && longestMilliseconds >= firstMilliseconds)
        self.firstMilliseconds = firstMilliseconds
        self.longestMilliseconds = longestMilliseconds
    }

    public mutating func succeeded() { failures = 0 }

    /// The wait where the server said how long: that, and up to a second more, so that those who were told
    /// alike do not come back alike. It is no failure: the server is well.
    ///
    /// - Parameter random: evenly distributed over all of `UInt64`.
    /// - Returns: milliseconds, at least what was asked.
    public func asked(_ milliseconds: Int64, random: UInt64) -> Int64 {
        max(milliseconds, 0).addingReportingOverflow(Int64(random % 1000)).partialValue
    }

    /// - Parameter random: evenly distributed over all of `UInt64`.
    /// - Returns: milliseconds, at least half of the first wait, at most the longest.
    public mutating func failed(random: UInt64) -> Int64 {
        let doublings = min(failures, 30)
        failures += 1
        let (doubled, overflow) = firstMilliseconds.multipliedReportingOverflow(by: 1 << Int64(doublings))
        let ceiling = overflow ? longestMilliseconds : min(doubled, longestMilliseconds)
        let shortest = firstMilliseconds / 2
        return shortest + Int64(random % UInt64(ceiling - shortest + 1))
    }
}
