import ChangeLog
import GRDB
import Merging

/// This copy of a replica was not the only one: another has used its next numbers for changes of its own.
///
/// What both have in common ends with the last own change that has an answer. What was made after it here
/// goes on under a new replica id with the same numbers, so that the view on which each edit was made still
/// says what it said. All of it happens inside one write transaction.
struct CopiedReplica {
    let db: Database
    let schema: Schema
    let randomBytes: @Sendable (Int) -> [UInt8]

    /// What the server is to be asked: the same until it has answered, whatever becomes of the answer.
    func proposal() throws -> Continuation {
        let replica = try current()
        let shared =
            try Int64.fetchOne(
                db, sql: "SELECT max(number) FROM change WHERE replica = ? AND isAnswered",
                arguments: [replica.data])
            ?? Int64.fetchOne(
                db, sql: "SELECT number FROM continuation WHERE replica = ?", arguments: [replica.data]) ?? 0
        return try proposal(
            continuing: ChangeID(replica, shared),
            first: unanswered(of: replica, after: shared, order: "number LIMIT 1").first)
    }

    /// - Parameter first: what the new id follows from.
    func proposal(continuing last: ChangeID, first: LoggedRow?) throws -> Continuation {
        let (row, through) = (try identity(), try StoredNumber.of(last.number))
        if row["nextThrough"] as Int64? == through {
            return Continuation(replica: try row.replica("nextReplica"), continued: last)
        }
        let next = try higher(than: last, first: first)
        try db.execute(
            sql: "UPDATE replica SET nextReplica = ?, nextThrough = ?", arguments: [next.data, through])
        return Continuation(replica: next, continued: last)
    }

    private func current() throws -> ReplicaID {
        try identity().replica("replica")
    }

    private func identity() throws -> Row {
        guard let row = try Row.fetchOne(db, sql: "SELECT replica, nextReplica, nextThrough FROM replica")
        else {
            throw Row.damaged("replica")
        }
        return row
    }

    /// An id above another one: what has no position stands in the order of replica and number, and new edits
    /// stand behind what they build on.
    ///
    /// It follows from the first edit that goes along. Two copies that share edits which neither has sent go the
    /// same way until they part, and then part again: so these come once.
    private func higher(than continued: ChangeID, first: LoggedRow?) throws -> ReplicaID {
        let own = continued.replica.bytes
        let rest =
            first.map { first in
                let bytes = [0x12] + own + continued.number.bigEndianBytes + first.inner.bytes
                return Array(ChangeHash.sha256(bytes).bytes.prefix(12))
            } ?? randomBytes(12)
        // One step up, and not anywhere above: else a line of copies would be at the end of all ids soon.
        let (step, overflow) = own.prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            .addingReportingOverflow(1)
        guard !overflow, let bits = Identifier128(bytes: UInt64(step).bigEndianBytes.suffix(4) + rest) else {
            throw ReplicaError(.copied, "no id above \(continued.replica) was found")
        }
        return ReplicaID(bits)
    }

    /// Whether another copy has gone on as what this one is to become: it had the same first edit that nobody had
    /// sent, or was copied when this one had asked the server already. Taken for anybody's, what it sent would stand in
    /// the way of this copy's own.
    func isNext(_ continuation: Continuation) throws -> Bool {
        let (row, continued) = (try identity(), continuation.continued)
        guard try row.replica("replica") == continued.replica else { return false }
        if row["nextThrough"] as Int64? != nil, try row.replica("nextReplica") == continuation.replica {
            return true
        }
        // Those up to there may lack their answer here.
        let number = try StoredNumber.of(continued.number)
        guard let first = try unanswered(of: continued.replica, after: number, order: "number LIMIT 1").first
        else { return false }
        let answered = try Row.fetchOne(
            db, sql: "SELECT 1 FROM change WHERE replica = ? AND number > ? AND isAnswered LIMIT 1",
            arguments: [continued.replica.data, number])
        guard answered == nil else { return false }
        return try higher(than: continued, first: first) == continuation.replica
    }

    private func unanswered(
        of replica: ReplicaID, after number: Int64 = 0, order: String = "number"
    ) throws -> [LoggedRow] {
        try LogTable(db: db).rows(
            LogTable.isOpen
                + " AND state IN (1, 4) AND NOT isAnswered AND hasContents AND replica = ? AND number > ?",
            [replica.data, number], order: order)
    }

    /// Goes on as the new replica, with everything that had no answer.
    func adopt(_ continuation: Continuation) throws {
        let old = continuation.continued.replica
        // Another program of this folder may have been first.
        guard try current() == old else { return }
        let rows = try unanswered(of: old)
        // What has no contents here any more stays with the old one, and comes back as anybody's, if at all.
        try db.execute(
            sql: "DELETE FROM change WHERE replica = ? AND number > ? AND state = 4 AND NOT hasContents",
            arguments: [old.data, try StoredNumber.of(continuation.continued.number)])
        try begin(continuation, ownThrough: continuation.continued.number)
        var state = try ReplicaState.load(db)
        var renaming = Renaming(rows: rows, continuation: continuation, newest: state.number)
        for row in rows { try move(row, &renaming) }
        state.number = renaming.newest
        state.version += 1
        try state.save(db)
        try ReadModel(db: db, schema: schema).refresh(Set(rows.flatMap(\.addresses)))
    }

    /// - Parameter ownThrough: up to which number the changes of the one before were made here.
    func begin(_ continuation: Continuation, ownThrough number: UInt64) throws {
        let old = continuation.continued.replica
        try AudienceTable(db: db).forgetStaged()
        try OwnReplicas.begin(
            continuation.replica, after: ChangeID(replica: old, number: number), db)
        try ContinuationTable(db: db).insert(continuation)
        try db.execute(
            sql: "UPDATE replica SET replica = ?, nextReplica = NULL, nextThrough = NULL",
            arguments: [continuation.replica.data])
        try db.execute(sql: "DELETE FROM seed")
        try returnChains(of: old)
    }

    /// From now on others' changes come in the chains of the old replica: they are followed from the last
    /// change of it that was delivered.
    private func returnChains(of old: ReplicaID) throws {
        let cursor = try ReplicaState.load(db).cursor
        try db.execute(sql: "DELETE FROM chain WHERE replica = ?", arguments: [old.data])
        for status in try AudienceTable(db: db).all() {
            let delivered = max(cursor, status.end)
            let last = try LogTable(db: db).rows(
                LogTable.isInAudience + " AND replica = ? AND position <= ?",
                [status.audience.name, old.data, try StoredNumber.of(delivered)],
                order: "position DESC LIMIT 1"
            ).first
            guard let last, let previous = last.previous else { continue }
            let hash = Chain.link(previous: previous, inner: last.inner, hash: ChangeHash.sha256)
            try ChainTable(db: db).set(hash, old, status.audience)
        }
    }

    private func move(_ row: LoggedRow, _ renaming: inout Renaming) throws {
        guard let change = row.change else { throw Row.damaged("change without contents") }
        let renamed = renaming.renamed(change, isInTray: row.state == .refused)
        let envelope = renamed.envelope
        let chains = ChainTable(db: db)
        let previous = try chains.hash(envelope.id.replica, row.audience) ?? .zero
        let inner = Chain.inner(
            envelope, commitment: Chain.commitment(of: renamed, hash: ChangeHash.sha256),
            hash: ChangeHash.sha256)
        try db.execute(
            sql: """
                UPDATE change SET replica = ?, number = ?, bytes = ?, inner = ?, previous = ?, entry = ?
                WHERE id = ?
                """,
            arguments: [
                envelope.id.replica.data, try StoredNumber.of(envelope.id.number),
                renamed.canonicalBytes.data, inner.data, previous.data,
                try row.entry.map { try StoredNumber.of(renaming.number($0)) }, row.id,
            ])
        try chains.set(
            Chain.link(previous: previous, inner: inner, hash: ChangeHash.sha256), envelope.id.replica,
            row.audience)
    }
}

extension ChangeID {
    fileprivate init(_ replica: ReplicaID, _ stored: Int64) {
        self.init(replica: replica, number: UInt64(bitPattern: stored))
    }
}
