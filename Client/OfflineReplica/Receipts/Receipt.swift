public import ChangeLog
public import Cryptography
public import SyncProtocol
public import TransparencyLog

/// Proof that a server received a change at a moment and decided so about it, which anybody can check
/// without the server: the change with its author's signature, its leaf, and the way to a signed head.
public struct Receipt: Hashable, Sendable {
    /// Its salt stands by itself: a seed would open other changes as well.
    public let change: Change
    public let evidence: ReceiptEvidence
    public let head: SignedTreeHead
    /// What the head is signed with.
    public let serverKey: PublicKey
    /// What the server calls itself; nothing vouches for it.
    public let association: String

    public init(
        change: Change, evidence: ReceiptEvidence, head: SignedTreeHead, serverKey: PublicKey,
        association: String
    ) {
        self.change = Chain.apart(change, hash: Replica.hash)
        self.evidence = evidence
        self.head = head
        self.serverKey = serverKey
        self.association = association
    }

    /// The hash of the change in its chain.
    public var hash: ChangeHash {
        Chain.hash(of: change, previous: evidence.previous, hash: Replica.hash)
    }

    /// Checks everything that it claims: author, leaf, way to the root, and the server's signature. Whose the
    /// two keys are nobody can see from it.
    ///
    /// - Throws: `ReceiptError` `erased`, `author`, `leaf` or `head`.
    public func check() throws {
        if case .erased = change.salt { throw ReceiptError(.erased, "Something of the change was erased") }
        let key: PublicKey
        do { key = try PublicKey(subjectPublicKeyInfo: evidence.key) } catch {
            throw ReceiptError(.author, "The author's key cannot be read")
        }
        let signed = evidence.links.reduce(hash) {
            Chain.link(previous: $0, inner: $1, hash: Replica.hash)
        }
        guard evidence.change == change.id,
            key.verify(evidence.signature, over: SignedHead.message(signed))
        else { throw ReceiptError(.author, "The signature of the author does not cover the change") }
        let leaf = ReceiptLeaf(
            received: evidence.received, change: hash, verdict: evidence.verdict,
            position: evidence.position)
        let proof = InclusionProof(index: evidence.index, size: head.head.size, path: evidence.path)
        guard proof.proves(leaf.hash(Replica.hash), under: head.head.root, hash: Replica.hash) else {
            throw ReceiptError(
                .leaf, "The change does not stand at leaf \(evidence.index) of a tree of \(head.head.size)")
        }
        guard serverKey.verify(head.signature, over: head.head.message) else {
            throw ReceiptError(.head, "The tree head is not signed with the key of the server")
        }
    }
}
