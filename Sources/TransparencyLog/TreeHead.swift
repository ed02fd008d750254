public import ChangeLog

/// What a server says of its tree at one moment.
public struct TreeHead: Hashable, Sendable {
    public let epoch: Epoch
    /// The number of leaves.
    public let size: UInt64
    public let root: ChangeHash
    /// When it was signed, milliseconds since 1970 UTC.
    public let milliseconds: Int64

    public init(epoch: Epoch, size: UInt64, root: ChangeHash, milliseconds: Int64) {
        self.epoch = epoch
        self.size = size
        self.root = root
        self.milliseconds = milliseconds
    }

    /// What is signed: the words "voordracht tree head 1", a zero byte, epoch (8), size (8), root (32),
    /// time (8).
    public var message: [UInt8] {
        Array("voordracht tree head 1".utf8) + [0] + epoch.value.bigEndianBytes + size.bigEndianBytes
            + root.bytes + UInt64(bitPattern: milliseconds).bigEndianBytes
    }
}

/// A tree head with the server's signature: two that cannot both be true convict the server.
public struct SignedTreeHead: Hashable, Sendable {
    public let head: TreeHead
    /// ECDSA P-256 with SHA-256 over `head.message`, 64 bytes r ‖ s.
    public let signature: [UInt8]

    public init(head: TreeHead, signature: [UInt8]) {
        self.head = head
        self.signature = signature
    }
}
