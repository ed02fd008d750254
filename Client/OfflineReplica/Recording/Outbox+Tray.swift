import ChangeLog
import GRDB
import SyncProtocol

extension Outbox {
    /// What the server has refused, with its contents, a batch for each stretch of a chain: in between are others.
    ///
    /// What it holds or was handed in already is not among it, nor what was dropped.
    func tray() throws -> [Batch] {
        let rows = try LogTable(db: db).rows(
            LogTable.isOpen + """
                 AND state = 4 AND isAnswered AND NOT isDropped AND hasContents AND behind IS NULL
                AND code IS NOT '\(Revocation.handedIn.code)'
                """, [], order: "replica, audience, number")
        var batches: [Batch] = []
        var (run, size) = ([LoggedRow](), 0)
        for row in rows {
            let bytes = row.change?.canonicalBytes.count ?? 0
            let goesOn =
                run.last.map { last in
                    last.changeID.replica == row.changeID.replica && last.audience == row.audience
                        && last.tail == row.previous
                } ?? false
            if !goesOn || run.count == limit || size + bytes > self.bytes {
                try batches.append(contentsOf: batch(run))
                (run, size) = ([], 0)
            }
            run.append(row)
            size += bytes
        }
        return batches + (try batch(run))
    }

    /// The batch of one stretch; none of nothing.
    private func batch(_ run: [LoggedRow]) throws -> [Batch] {
        guard let last = run.last, let tail = last.tail else { return [] }
        let entries = run.enumerated().compactMap { index, row in
            row.change.map { change in
                // The seed would open what was accepted of the same push, and is nobody's any more.
                let apart = Chain.apart(change, hash: ChangeHash.sha256)
                return BatchEntry(
                    envelope: row.envelope, body: .contents(apart.salt, apart.operations),
                    previous: index == 0 ? row.previous : nil)
            }
        }
        return [
            Batch(entries: entries, heads: try signed([last.audience: tail], of: last.changeID.replica))
        ]
    }
}

extension LoggedRow {
    /// The hash of its chain with it at the end; nil where what stands before it is not known.
    fileprivate var tail: ChangeHash? {
        previous.map { Chain.link(previous: $0, inner: inner, hash: ChangeHash.sha256) }
    }
}
