import ChangeLog
import GRDB
import SyncProtocol
import TransparencyLog

extension ServerLedger {
    /// The newest signed head, and the proof that it begins with the tree of a size that somebody knows.
    func comparison(with known: UInt64) throws -> TreeComparison {
        guard let signed = try newestTreeHead(), signed.head.size <= (try treeSize()) else {
            throw ServerError(
                .damaged, "The tree of receipts has no signed head that fits it",
                remedy: "Restore the data from a backup")
        }
        // Who knows a longer tree has found out what there is to find.
        let proof = try ConsistencyProof(
            from: known, to: signed.head.size, hash: sha256, node: treeHash)
        return TreeComparison(signed: signed, path: proof?.path ?? [])
    }

    /// What there is to show of a change in the tree of a size that was told before.
    ///
    /// - Parameter isReadable: whether the device that asks may read an audience.
    /// - Throws: `Reason` `receipt.unknown`, also where the device may not know of the change.
    func evidence(
        of change: ChangeID, in size: UInt64, for device: RecordID,
        isReadable: (AudienceID) throws -> Bool
    ) throws -> ReceiptEvidence {
        let row = try db.one(
            """
            SELECT r.id, r.device, v.audience, a.name, v.hash, v.inner, v.state, v.position, v.received, v.leaf,
            p.previous FROM verdict v JOIN replica r ON r.id = v.replica JOIN audience a ON a.id = v.audience
            LEFT JOIN pending p ON p.replica = v.replica AND p.number = v.number
            WHERE r.bits = ? AND v.number = ?
            """, [change.replica.bytes.blob, Int64(clamping: change.number)])
        guard let row, let verdict = LoggedVerdict(rawValue: UInt8(clamping: row[6] as Int64)) else {
            throw Refusal.receiptUnknown
        }
        let owner = try row.record(1)
        guard try owner == device || (verdict == .accepted && isReadable(row.audience(3))) else {
            throw Refusal.receiptUnknown
        }
        let proof = try InclusionProof(of: row.word(9), in: size, hash: sha256, node: treeHash)
        let chain = GrowingBatch.Chain(replica: row[0], audience: row[2])
        guard let proof, let (links, signature) = try head(of: chain, after: change.number),
            case .bytes(let key)? = try origin(of: owner, in: Roster.audience)?.key?.values.first
        else { throw Refusal.receiptUnknown }
        return ReceiptEvidence(
            change: change, index: proof.index, received: row[8], verdict: verdict,
            position: row.hasNull(atIndex: 7) ? nil : Position(row.word(7)), path: proof.path,
            previous: row.hasNull(atIndex: 10)
                ? try previous(of: change.number, in: chain) : try row.hash(10),
            links: links, signature: signature, key: key)
    }

    /// The hash before a judged change of a chain; zero for the first.
    private func previous(of number: UInt64, in chain: GrowingBatch.Chain) throws -> ChangeHash {
        let row = try db.one(
            """
            SELECT hash FROM verdict WHERE replica = ? AND audience = ? AND number < ?
            ORDER BY number DESC LIMIT 1
            """, [chain.replica, chain.audience, number.pattern])
        return try row?.hash(0) ?? .zero
    }
}
