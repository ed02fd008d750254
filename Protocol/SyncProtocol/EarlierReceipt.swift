public import ChangeLog
public import TransparencyLog

/// What a server has said of a change: when it was received, and how that stands in a tree whose head it signed.
///
/// Restored from a backup it may know nothing of it; its own signature tells it.
public struct EarlierReceipt: Hashable, Sendable {
    public var change: ChangeID
    /// Of the leaf.
    public var index: UInt64
    /// First receipt, milliseconds since 1970 UTC.
    public var received: Int64
    public var verdict: LoggedVerdict
    /// nil but for an accepted change.
    public var position: Position?
    /// From the leaf up.
    public var path: [ChangeHash]
    public var head: SignedTreeHead

    public init(_ evidence: ReceiptEvidence, in head: SignedTreeHead) {
        change = evidence.change
        index = evidence.index
        received = evidence.received
        verdict = evidence.verdict
        position = evidence.position
        path = evidence.path
        self.head = head
    }

    init(from reader: inout ByteReader) throws(ChangeLogError) {
        (change, index) = (try reader.change(), try reader.varint())
        (received, verdict, position) = try reader.leaf()
        path = try reader.hashes(limit: ProtocolLimits.proofHashes)
        head = try reader.treeHead()
    }

    /// Whether the chain that ends with the change and has this hash is the one that was received. Who signed the head is
    /// not looked at.
    public func proves(_ chain: ChangeHash, hash: HashFunction) -> Bool {
        let leaf = ReceiptLeaf(received: received, change: chain, verdict: verdict, position: position)
        return InclusionProof(index: index, size: head.head.size, path: path)
            .proves(leaf.hash(hash), under: head.head.root, hash: hash)
    }
}

extension ByteWriter {
    mutating func put(_ receipt: EarlierReceipt) {
        put(change: receipt.change)
        put(varint: receipt.index)
        put(varint: ZigZag.encode(receipt.received))
        put(byte: receipt.verdict.rawValue)
        put(varint: receipt.position?.value ?? 0)
        put(receipt.path)
        put(receipt.head)
    }
}
