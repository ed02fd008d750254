public import ChangeLog
public import TransparencyLog

/// What a server shows of one change that it received: its leaf, the way from there to the root that was
/// told just before, and the author's signature. Whoever holds the change can check all of it.
public struct ReceiptEvidence: Hashable, Sendable {
    public var change: ChangeID
    /// Of the leaf with the newest verdict.
    public var index: UInt64
    /// First receipt, milliseconds since 1970 UTC.
    public var received: Int64
    public var verdict: LoggedVerdict
    /// nil but for an accepted change.
    public var position: Position?
    /// From the leaf up.
    public var path: [ChangeHash]
    /// The hash of the change before it in its chain; zero for the first.
    public var previous: ChangeHash
    /// The inner hashes from the change to the one whose hash is signed.
    public var links: [ChangeHash]
    /// Of the author's device over that hash (P-011).
    public var signature: [UInt8]
    /// The device's, as SubjectPublicKeyInfo.
    public var key: [UInt8]

    public init(
        change: ChangeID, index: UInt64, received: Int64, verdict: LoggedVerdict, position: Position?,
        path: [ChangeHash], previous: ChangeHash, links: [ChangeHash], signature: [UInt8], key: [UInt8]
    ) {
        self.change = change
        self.index = index
        self.received = received
        self.verdict = verdict
        self.position = position
        self.path = path
        self.previous = previous
        self.links = links
        self.signature = signature
        self.key = key
    }
}

extension ByteWriter {
    mutating func put(_ evidence: ReceiptEvidence) {
        put(change: evidence.change)
        put(varint: evidence.index)
        put(varint: ZigZag.encode(evidence.received))
        put(byte: evidence.verdict.rawValue)
        put(varint: evidence.position?.value ?? 0)
        put(evidence.path)
        put(bytes: evidence.previous.bytes)
        put(evidence.links)
        put(bytes: evidence.signature)
        put(varint: UInt64(evidence.key.count))
        put(bytes: evidence.key)
    }
}

extension ByteReader {
    /// What a leaf says beside the hash of its change.
    mutating func leaf() throws(ChangeLogError) -> (
        received: Int64, verdict: LoggedVerdict, position: Position?
    ) {
        let received = ZigZag.decode(try varint())
        let start = offset
        guard let verdict = LoggedVerdict(rawValue: try byte()), verdict != .lodged else {
            throw ChangeLogError(.unsupported, "a verdict that is not known", offset: start)
        }
        let position = try varint()
        guard (position > 0) == (verdict == .accepted) else {
            throw ChangeLogError(.malformed, "position \(position) with another verdict", offset: start)
        }
        return (received, verdict, position > 0 ? Position(position) : nil)
    }

    mutating func evidence() throws(ChangeLogError) -> ReceiptEvidence {
        let (change, index) = (try change(), try varint())
        let leaf = try leaf()
        return ReceiptEvidence(
            change: change, index: index, received: leaf.received, verdict: leaf.verdict,
            position: leaf.position,
            path: try hashes(limit: ProtocolLimits.proofHashes), previous: try hash(),
            links: try hashes(limit: ProtocolLimits.links),
            signature: try bytes(ProtocolLimits.signatureBytes),
            key: try bytes(try count(limit: ProtocolLimits.keyBytes)))
    }
}
