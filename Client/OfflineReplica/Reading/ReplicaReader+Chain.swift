public import ChangeLog

extension ReplicaReader {
    /// The hash of its author's chain in its audience with a change at its end.
    ///
    /// - Returns: nil where the change is not here.
    public func chainHash(of change: ChangeID) throws -> ChangeHash? {
        guard let row = try LogTable(db: db).row(change) else { return nil }
        // An own change remembers what it was linked to; of others the whole chain is here.
        if let previous = row.previous {
            return Chain.link(previous: previous, inner: row.inner, hash: ChangeHash.sha256)
        }
        return try StoredChain(db: db, replica: change.replica, audience: row.audience).links()
            .first { $0.number == change.number }?.hash
    }
}
