/// A hybrid logical clock reading: 48 bits of milliseconds since 1970 UTC, 16 bits of counter.
///
/// After Kulkarni et al., "Logical Physical Clocks" (2014). A tie-break and a thing to show, never
/// more: nothing about causality is read from it.
public struct HybridTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    /// Milliseconds beyond 48 bits, and negative ones, are brought to the nearest end.
    public init(milliseconds: Int64, counter: UInt16 = 0) {
        let bounded = UInt64(min(max(milliseconds, 0), 1 << 48 - 1))
        value = bounded << 16 | UInt64(counter)
    }

    public var milliseconds: Int64 { Int64(value >> 16) }
    public var counter: UInt16 { UInt16(truncatingIfNeeded: value) }

    /// The reading for the next event of a replica whose last one was `self`.
    ///
    /// It is above `self`, and the wall clock's when that has moved on. A clock set back goes on
    /// counting from the highest reading. After the last reading there is none: it is given again.
    public func next(wallMilliseconds: Int64) -> HybridTime {
        let wall = HybridTime(milliseconds: wallMilliseconds)
        if wall > self { return wall }
        let (sum, overflow) = value.addingReportingOverflow(1)
        return overflow ? self : HybridTime(sum)
    }

    public var description: String { "\(milliseconds).\(counter)" }
    public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
}
