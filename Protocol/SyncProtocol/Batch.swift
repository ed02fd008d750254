public import ChangeLog

/// Changes that travel together, in the order in which they are to be judged or applied.
public struct Batch: Hashable, Sendable {
    public var entries: [BatchEntry]
    /// For each chain in the batch, the signature that covers it.
    public var heads: [SignedHead]

    public init(entries: [BatchEntry], heads: [SignedHead]) {
        self.entries = entries
        self.heads = heads
    }
}

/// One change on its way.
public struct BatchEntry: Hashable, Sendable {
    /// What is here of the change beside its envelope.
    public enum Body: Hashable, Sendable {
        /// Of an erased change what is left of them.
        case contents(Salt, [Operation])
        /// The contents are withdrawn; the chain still stands on their commitment.
        case commitment(ChangeHash)
    }

    /// A place in the order, and the time fixed with it.
    public struct Placement: Hashable, Sendable {
        public let position: Position
        public let effective: HybridTime

        public init(position: Position, effective: HybridTime) {
            self.position = position
            self.effective = effective
        }
    }

    public var envelope: Envelope
    public var body: Body
    /// In a push: the hash before this change in its chain, on the chain's first change in the batch.
    public var previous: ChangeHash?
    /// In a delivery: the inner hashes of the changes without a position that stand in the chain
    /// between the last delivered one and this one.
    public var links: [ChangeHash]
    /// In a delivery: the place in the order.
    public var placement: Placement?

    public init(
        envelope: Envelope, body: Body, previous: ChangeHash? = nil, links: [ChangeHash] = [],
        placement: Placement? = nil
    ) {
        self.envelope = envelope
        self.body = body
        self.previous = previous
        self.links = links
        self.placement = placement
    }

    /// The whole change; nil where only its commitment is here.
    public var change: Change? {
        guard case .contents(let salt, let operations) = body else { return nil }
        return Change(envelope: envelope, salt: salt, operations: operations)
    }

    /// The same where it is what its author signed: nothing of it was erased.
    public var signedChange: Change? {
        if case .contents(.erased, _) = body { nil } else { change }
    }

    public func inner(hash: HashFunction) -> ChangeHash {
        let commitment =
            switch body {
            case .commitment(let commitment): commitment
            case .contents(let salt, let operations):
                Chain.commitment(
                    of: Change(envelope: envelope, salt: salt, operations: operations), hash: hash)
            }
        return Chain.inner(envelope, commitment: commitment, hash: hash)
    }
}

/// A signature by the replica's device over the newest hash of a chain.
public struct SignedHead: Hashable, Sendable {
    public let replica: ReplicaID
    public let audience: AudienceID
    /// The inner hashes from the chain's last change in the batch to the signed one; empty when that
    /// is the signed one.
    public let links: [ChangeHash]
    /// ECDSA P-256 with SHA-256 over `SignedHead.message`, 64 bytes r ‖ s.
    public let signature: [UInt8]

    public init(replica: ReplicaID, audience: AudienceID, links: [ChangeHash], signature: [UInt8]) {
        self.replica = replica
        self.audience = audience
        self.links = links
        self.signature = signature
    }

    /// What is signed: the words "voordracht chain head 1", a zero byte, and the hash.
    public static func message(_ hash: ChangeHash) -> [UInt8] {
        Array("voordracht chain head 1".utf8) + [0] + hash.bytes
    }
}
