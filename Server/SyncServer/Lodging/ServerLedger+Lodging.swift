import ChangeLog
import GRDB
import SyncProtocol
import TransparencyLog

/// That a chain was told to be so long before what stands there had come.
struct LodgedRow: Hashable {
    /// Of the chain with its newest change at the end.
    let hash: ChangeHash
    /// Milliseconds since 1970 UTC.
    let moment: Int64
}

extension ServerLedger {
    /// Keeps it, with an entry of the tree that says when; told once more, the first time counts.
    func lodge(_ head: LodgedHead, of replica: Int64, at moment: Int64) throws {
        let audience = try makeAudience(head.audience)
        guard try lastLodged(of: replica, in: audience, until: .max)?.hash != head.hash else { return }
        try db.run(
            "INSERT INTO lodged VALUES (?, ?, ?, ?, ?)",
            [try treeSize().pattern, replica, audience, head.hash.bytes.blob, moment])
        tree.append([
            ReceiptLeaf(received: moment, change: head.hash, verdict: .lodged, position: nil)
        ])
    }

    /// What was lodged last of a chain up to a moment. A device may lodge much: so all of it is never read.
    private func lastLodged(of replica: Int64, in audience: Int64, until moment: Int64) throws -> LodgedRow? {
        try db.one(
            """
            SELECT hash, moment FROM lodged WHERE replica = ? AND audience = ? AND moment <= ?
            ORDER BY leaf DESC LIMIT 1
            """, [replica, audience, moment]
        ).map { LodgedRow(hash: try $0.hash(0), moment: $0[1]) }
    }

    /// When those of these changes were lodged that come after a deadline, and were told of before it.
    ///
    /// Of each chain counts what was lodged last before the deadline, and what leads there: whoever lodged several
    /// chains cannot choose among them when the deadline is over.
    ///
    /// - Parameter received: when they came, milliseconds since 1970 UTC.
    func witnessed(
        _ linked: LinkedBatch, of id: ReplicaID, received: Int64, by lodging: Lodging
    ) throws -> [LodgedRow] {
        let links = linked.links.filter { lodging.concerns($0.entry.envelope.audience) }
        guard linked.fault == nil, !links.isEmpty, let replica = try replicaRow(id)?.number else { return [] }
        let passed = try lodging.deadlines(self).filter { $0 < received }
        guard !passed.isEmpty else { return [] }
        var found: [LodgedRow] = []
        for audience in Set(links.map(\.entry.envelope.audience)).sorted() {
            guard let number = try audienceNumber(audience) else { continue }
            let chain = links.filter { $0.entry.envelope.audience == audience }
            var moments: [ChangeHash: Int64] = [:]
            for deadline in passed {
                guard let row = try lastLodged(of: replica, in: number, until: deadline),
                    let end = chain.lastIndex(where: { $0.hash == row.hash })
                else { continue }
                for link in chain[...end] { moments[link.hash] = min(moments[link.hash] ?? .max, row.moment) }
            }
            for link in chain {
                guard let moment = moments[link.hash],
                    try hash(of: replica, link.entry.envelope.id.number) == nil
                else { continue }
                found.append(LodgedRow(hash: link.hash, moment: moment))
            }
        }
        return found
    }
}
