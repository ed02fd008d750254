import ChangeLog
import Cryptography
import SyncProtocol
import TransparencyLog

extension Engine {
    /// When changes were received before this server was restored, by their hashes: as far as a tree says so that it has
    /// signed in its own past. What nobody but this server can have said gains nobody anything that he had not; all else
    /// is passed over.
    func earlier(_ linked: LinkedBatch, _ receipts: [EarlierReceipt]) -> [ChangeHash: Int64] {
        guard !receipts.isEmpty else { return [:] }
        let told = Dictionary(grouping: receipts, by: \.change)
        var heads: [SignedTreeHead: Bool] = [:]
        var moments: [ChangeHash: Int64] = [:]
        for link in linked.links {
            for receipt in told[link.entry.envelope.id] ?? [] where receipt.proves(link.hash, hash: sha256) {
                let isOwn = heads[receipt.head] ?? isOwn(receipt.head)
                heads[receipt.head] = isOwn
                guard isOwn else { continue }
                moments[link.hash] = min(moments[link.hash] ?? .max, receipt.received)
            }
        }
        return moments
    }

    private func isOwn(_ signed: SignedTreeHead) -> Bool {
        judge.epochs.bound(of: signed.head.epoch) != nil
            && author.key.publicKey.verify(signed.signature, over: signed.head.message)
    }
}
