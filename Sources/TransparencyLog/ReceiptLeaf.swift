public import ChangeLog

/// What a verdict is called in the tree; the numbers are those of the frames.
public enum LoggedVerdict: UInt8, Hashable, Sendable, CaseIterable {
    case accepted = 1
    case held = 2
    case waiting = 3
    case refused = 4
    /// None yet: that the chain was so long was told before the change itself came.
    case lodged = 5
}

/// An entry of the tree: that a change was received at this moment, and got this verdict.
///
/// The first verdict on a change is its receipt too; each later one, and a release or decline, is an
/// entry of its own.
public struct ReceiptLeaf: Hashable, Sendable {
    /// The first receipt of the change, milliseconds since 1970 UTC; the same in all of its entries but one that says
    /// when its hash was lodged.
    public let received: Int64
    /// Covers the change and all before it in its chain.
    public let change: ChangeHash
    public let verdict: LoggedVerdict
    /// nil but for an accepted change.
    public let position: Position?

    public init(received: Int64, change: ChangeHash, verdict: LoggedVerdict, position: Position?) {
        self.received = received
        self.change = change
        self.verdict = verdict
        self.position = position
    }

    /// 50 bytes: 1, moment of receipt (8), hash (32), verdict (1), position (8, 0 for none).
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        // Every push makes these by the hundred.
        bytes.reserveCapacity(50)
        bytes.append(0x01)
        bytes += UInt64(bitPattern: received).bigEndianBytes
        bytes += change.bytes
        bytes.append(verdict.rawValue)
        bytes += (position?.value ?? 0).bigEndianBytes
        return bytes
    }

    /// The hash of the leaf.
    public func hash(_ hash: HashFunction) -> ChangeHash { MerkleTree.leaf(bytes, hash: hash) }
}
