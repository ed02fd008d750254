import ChangeLog
import Cryptography
import SyncProtocol

/// A batch with everything computed that needs no database: hashes, canonical forms, signatures.
///
/// Made before the one writer has anything to do with the batch, and for several devices at once.
struct LinkedBatch: Sendable {
    /// A change and its hash, computed from the one before it in its chain.
    struct Link: Sendable {
        let entry: BatchEntry
        let previous: ChangeHash
        let inner: ChangeHash
        let hash: ChangeHash
        /// The canonical form; nil of a stub.
        let bytes: [UInt8]?
        /// The change as its canonical form reads; nil where that cannot be read, and of a stub.
        let change: Change?

        /// One, and one more for every 4 KiB.
        var cost: Int { 1 + (bytes?.count ?? 0) / 4096 }
    }

    let batch: Batch
    /// As many as come before `fault`.
    let links: [Link]
    /// Why the change after `links` ends the conversation.
    let fault: Reason?
    /// The audiences whose last change here, or one that its links lead to, is signed by the device.
    let signed: Set<AudienceID>
    /// Of a later piece of a batch, the number with which the batch begins.
    let begin: UInt64?

    /// What it takes to write it, in small changes.
    var cost: Int { links.reduce(0) { $0 + $1.cost } }

    /// - Parameters:
    ///   - key: that of the device which replica `id` writes with.
    ///   - isOffered: whether somebody else brings it, whom its author's later changes may never have reached: then
    ///     links may lead on to what was signed.
    init(
        _ batch: Batch, of id: ReplicaID, key: PublicKey, isOffered: Bool = false,
        hash: @escaping HashFunction
    ) {
        var tails: [AudienceID: ChangeHash] = [:]
        var links: [Link] = []
        var fault: Reason?
        for entry in batch.entries {
            let audience = entry.envelope.audience
            if let found = Self.fault(in: entry, of: id, after: tails[audience]) {
                fault = found
                break
            }
            let previous = tails[audience] ?? entry.previous ?? .zero
            let inner = entry.inner(hash: hash)
            let next = Chain.link(previous: previous, inner: inner, hash: hash)
            tails[audience] = next
            let bytes = entry.signedChange?.canonicalBytes
            links.append(
                Link(
                    entry: entry, previous: previous, inner: inner, hash: next, bytes: bytes,
                    change: bytes.flatMap { try? Change(canonicalBytes: $0) }))
        }
        self.batch = batch
        self.links = links
        self.fault = fault
        // Of a batch with a fault nothing is kept, signed or not.
        let heads = batch.heads.filter { $0.replica == id && (isOffered || $0.links.isEmpty) }
        signed = fault == nil ? Self.signed(heads, tails, key: key, hash: hash) : []
        begin = nil
    }

    private init(_ whole: LinkedBatch, _ part: Range<Int>) {
        links = Array(whole.links[part])
        let audiences = Set(links.map(\.entry.envelope.audience))
        var later: [AudienceID: [ChangeHash]] = [:]
        for link in whole.links[part.upperBound...] where audiences.contains(link.entry.envelope.audience) {
            later[link.entry.envelope.audience, default: []].append(link.inner)
        }
        batch = Batch(
            entries: links.map(\.entry),
            heads: whole.batch.heads.filter { audiences.contains($0.audience) }.map { head in
                SignedHead(
                    replica: head.replica, audience: head.audience,
                    links: later[head.audience, default: []] + head.links, signature: head.signature)
            })
        fault = nil
        signed = whole.signed.intersection(audiences)
        begin = part.lowerBound > 0 ? whole.links[0].entry.envelope.id.number : nil
    }

    /// The same in pieces for a turn of the writer each, so that nobody waits until all of it is done. An action stays
    /// whole. Should the rest never come, a piece can stand by itself: links lead from its end to what was signed.
    ///
    /// - Parameter turn: what a piece costs at most, unless a single action costs more.
    func divided(into turn: Int) -> [LinkedBatch] {
        // Of a batch with a fault nothing is kept.
        guard fault == nil, cost > turn else { return [self] }
        var pieces: [Range<Int>] = []
        var (begin, spent) = (0, 0)
        for action in actions {
            let more = links[action].reduce(0) { $0 + $1.cost }
            if spent > 0, spent + more > turn {
                pieces.append(begin..<action.lowerBound)
                (begin, spent) = (action.lowerBound, 0)
            }
            spent += more
        }
        pieces.append(begin..<links.count)
        return pieces.count < 2 ? [self] : pieces.map { LinkedBatch(self, $0) }
    }

    /// Where each action begins and ends.
    private var actions: [Range<Int>] {
        let begins = links.indices.filter { index in
            links[index].entry.envelope.group.map { $0.index == 0 } ?? true || index == 0
        }
        return zip(begins, begins.dropFirst() + [links.count]).map { $0..<$1 }
    }

    private static func signed(
        _ heads: [SignedHead], _ tails: [AudienceID: ChangeHash], key: PublicKey, hash: HashFunction
    ) -> Set<AudienceID> {
        let first = Dictionary(heads.map { ($0.audience, $0) }, uniquingKeysWith: { first, _ in first })
        return Set(
            tails.filter { audience, tail in
                guard let head = first[audience] else { return false }
                let end = head.links.reduce(tail) { Chain.link(previous: $0, inner: $1, hash: hash) }
                return key.verify(head.signature, over: SignedHead.message(end))
            }.keys)
    }

    private static func fault(in entry: BatchEntry, of id: ReplicaID, after tail: ChangeHash?) -> Reason? {
        guard entry.envelope.id.replica == id else { return Refusal.replicaForeign }
        guard entry.envelope.id.number <= UInt64(Int64.max) else { return Refusal.chainBroken }
        if let tail, let claimed = entry.previous, claimed != tail { return Refusal.chainBroken }
        return nil
    }
}
