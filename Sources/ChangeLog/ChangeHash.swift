/// 32 bytes of a hash function, compared bytewise.
public struct ChangeHash: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let first: Identifier128
    public let second: Identifier128

    /// nil when there are not exactly 32 bytes.
    @inlinable
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 32, let first = Identifier128(bytes: bytes.prefix(16)),
            let second = Identifier128(bytes: bytes.suffix(16))
        else { return nil }
        self.first = first
        self.second = second
    }

    private init(zero: Void) {
        first = Identifier128(high: 0, low: 0)
        second = Identifier128(high: 0, low: 0)
    }

    /// What stands before a replica's first change in an audience.
    public static let zero = ChangeHash(zero: ())

    public var bytes: [UInt8] {
        let words = (
            first.high.bigEndian, first.low.bigEndian, second.high.bigEndian, second.low.bigEndian
        )
        return withUnsafeBytes(of: words) { Array($0) }
    }
    public var prefix128: Identifier128 { first }
    public var description: String { Hexadecimal.text(bytes) }
    public static func < (left: Self, right: Self) -> Bool {
        (left.first, left.second) < (right.first, right.second)
    }
}

/// SHA-256, handed in by the shells: this target holds no cryptography.
public typealias HashFunction = @Sendable ([UInt8]) -> ChangeHash
