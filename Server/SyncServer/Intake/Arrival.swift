import ChangeLog
import GRDB
import SyncProtocol

/// A change that a push has brought, linked to its chain, and written down nowhere yet.
struct Arrival: Hashable {
    let entry: BatchEntry
    let audience: Int64
    let previous: ChangeHash
    let inner: ChangeHash
    let hash: ChangeHash
    /// `Change.canonicalBytes`; nil of a stub.
    let bytes: [UInt8]?
    /// As `bytes` reads; nil where it cannot be read, and of a stub.
    let change: Change?
}

extension ServerLedger {
    /// Writes down what has come with what was decided about it. Contents that have no position yet are
    /// kept aside, and those of a held change.
    ///
    /// - Parameter leaf: index of the leaf that says so.
    func insert(
        _ change: PendingChange, _ arrival: Arrival, _ verdict: Verdict, leaf: UInt64
    ) throws {
        let row = VerdictRow(verdict)
        try db.run(
            "INSERT INTO verdict VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                change.replica, change.number.pattern, change.audience, change.hash.bytes.blob,
                arrival.inner.bytes.blob, row.state.rawValue, row.position, row.behind, row.reason?.code,
                row.reason?.message, row.reason?.remedy, change.received, row.effective, leaf.pattern,
            ])
        guard row.state == .held || row.state == .waiting else { return }
        try db.run(
            "INSERT INTO pending VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                change.replica, change.number.pattern, change.audience, change.previous.bytes.blob,
                change.member, change.members, arrival.entry.envelope.canonicalBytes.blob,
                arrival.bytes?.blob,
            ])
    }
}
