/// Eight bytes over the changes that make up a version of a text, independent of their order.
///
/// The sum modulo 2⁶⁴ of a mixture of each change's id (the finaliser of SplitMix64, Steele et al.
/// 2014), so that it can be kept incrementally. It guards against a version derived differently, not
/// against forgery: operations that pass it are still applied alike everywhere.
public struct TextCheck: Hashable, Sendable {
    public let value: UInt64

    public init(_ value: UInt64) { self.value = value }

    /// The check of an empty text.
    public static let empty = TextCheck(0)

    public init(_ changes: some Sequence<ChangeID>) {
        var check = TextCheck.empty
        for change in changes { check = check.adding(change) }
        self = check
    }

    public func adding(_ change: ChangeID) -> TextCheck {
        let replica = change.replica.bits
        let mixed = Self.mix(Self.mix(Self.mix(replica.high) ^ replica.low) ^ change.number)
        return TextCheck(value &+ mixed)
    }

    /// The combination of two disjoint sets of changes.
    public func adding(_ other: TextCheck) -> TextCheck { TextCheck(value &+ other.value) }

    private static func mix(_ input: UInt64) -> UInt64 {
        var z = input &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
