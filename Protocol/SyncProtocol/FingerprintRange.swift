public import ChangeLog

/// A part of an audience: its accepted changes behind one position, up to another.
public struct FingerprintRange: Hashable, Sendable {
    public var audience: AudienceID
    public var after: Position
    public var through: Position

    public init(audience: AudienceID, after: Position, through: Position) {
        self.audience = audience
        self.after = after
        self.through = through
    }

    /// How many positions it has, those of other audiences included.
    public var width: UInt64 { through.value - after.value }

    /// Into so many parts of nearly one width; fewer where it has not as many positions.
    public func parts(_ count: UInt64) -> [FingerprintRange] {
        let count = max(1, min(count, width))
        let bounds = (0...count).map { index in
            let (product, overflow) = width.multipliedReportingOverflow(by: index)
            return after.value + (overflow ? width / count * index : product / count)
        }
        return zip(bounds, bounds.dropFirst()).map { after, through in
            FingerprintRange(audience: audience, after: Position(after), through: Position(through))
        }
    }
}

/// What a client has in a part of an audience.
public struct RangeFingerprint: Hashable, Sendable {
    public var range: FingerprintRange
    public var fingerprint: Fingerprint

    public init(range: FingerprintRange, fingerprint: Fingerprint) {
        self.range = range
        self.fingerprint = fingerprint
    }
}
