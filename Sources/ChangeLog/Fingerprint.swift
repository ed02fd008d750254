/// A number that two replicas compare instead of the changes of a part of the order.
///
/// It is the sum modulo 2¹²⁸ over the changes of the first 16 bytes, the most significant first, of
/// H(4 ‖ position (8) ‖ effective time (8) ‖ inner hash). A sum, so that a part is told from others without
/// walking over them. It finds faults, not forgery: what a change says is vouched for by its author's chain.
public struct Fingerprint: Hashable, Sendable {
    public private(set) var sum: UInt128

    /// Of no changes.
    public static let zero = Fingerprint(sum: 0)

    public init(sum: UInt128) { self.sum = sum }

    /// - Returns: nil unless there are 16 bytes.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        sum = bytes.reduce(0) { $0 << 8 | UInt128($1) }
    }

    /// 16 bytes, the most significant first.
    public var bytes: [UInt8] { (0..<16).map { UInt8(truncatingIfNeeded: sum >> (8 * (15 - UInt128($0)))) } }

    /// - Parameter inner: the hash of its envelope and commitment (`Chain.inner`).
    public mutating func add(
        at position: Position, effective: HybridTime, inner: ChangeHash, hash: HashFunction
    ) {
        let digest = hash(
            [0x04] + position.value.bigEndianBytes + effective.value.bigEndianBytes + inner.bytes)
        sum &+= digest.prefix128.bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    }

    public static func + (left: Fingerprint, right: Fingerprint) -> Fingerprint {
        Fingerprint(sum: left.sum &+ right.sum)
    }

    public static func - (left: Fingerprint, right: Fingerprint) -> Fingerprint {
        Fingerprint(sum: left.sum &- right.sum)
    }
}
