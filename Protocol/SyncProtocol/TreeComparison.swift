public import ChangeLog
public import TransparencyLog

/// The server's answer to `compare`: its newest signed head, and the proof that it begins with the tree
/// that the client named.
public struct TreeComparison: Hashable, Sendable {
    public var signed: SignedTreeHead
    /// Of a consistency proof; empty where the client named no tree, or one that is not shorter.
    public var path: [ChangeHash]

    public init(signed: SignedTreeHead, path: [ChangeHash]) {
        self.signed = signed
        self.path = path
    }
}

extension ByteWriter {
    mutating func put(_ comparison: TreeComparison) {
        put(comparison.signed)
        put(comparison.path)
    }

    mutating func put(_ signed: SignedTreeHead) {
        let head = signed.head
        put(bytes: head.epoch.value.bigEndianBytes)
        put(varint: head.size)
        put(bytes: head.root.bytes)
        put(varint: ZigZag.encode(head.milliseconds))
        put(bytes: signed.signature)
    }

    mutating func put(_ hashes: [ChangeHash]) {
        put(varint: UInt64(hashes.count))
        for hash in hashes { put(bytes: hash.bytes) }
    }
}

extension ByteReader {
    mutating func comparison() throws(ChangeLogError) -> TreeComparison {
        TreeComparison(signed: try treeHead(), path: try hashes(limit: ProtocolLimits.proofHashes))
    }

    mutating func treeHead() throws(ChangeLogError) -> SignedTreeHead {
        let head = TreeHead(
            epoch: Epoch(try word()), size: try varint(), root: try hash(),
            milliseconds: ZigZag.decode(try varint()))
        return SignedTreeHead(head: head, signature: try bytes(ProtocolLimits.signatureBytes))
    }

    mutating func hashes(limit: Int) throws(ChangeLogError) -> [ChangeHash] {
        var hashes: [ChangeHash] = []
        for _ in 0..<(try count(limit: limit)) { hashes.append(try hash()) }
        return hashes
    }
}
