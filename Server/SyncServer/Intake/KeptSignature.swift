import ChangeLog
import SyncProtocol

/// A signed head of a chain as its row has it: the signature, and behind it the inner hashes that lead from the change
/// of the row to the signed one.
///
/// There are some where it came with an offer: what follows in the push of its author was not delivered to anybody.
struct KeptSignature {
    let signature: [UInt8]
    let links: [ChangeHash]

    init(_ head: SignedHead) { (signature, links) = (head.signature, head.links) }

    init(bytes: [UInt8]) {
        signature = Array(bytes.prefix(ProtocolLimits.signatureBytes))
        let rest = Array(bytes.dropFirst(ProtocolLimits.signatureBytes))
        links = stride(from: 0, to: rest.count, by: 32).compactMap {
            ChangeHash(bytes: rest[$0..<min($0 + 32, rest.count)])
        }
    }

    var bytes: [UInt8] { signature + links.flatMap(\.bytes) }

    /// The hash that was signed, with that of the change of the row.
    func signed(after hash: ChangeHash) -> ChangeHash {
        links.reduce(hash) { Chain.link(previous: $0, inner: $1, hash: sha256) }
    }
}
