public import ChangeLog
import Cryptography
import GRDB
public import SyncProtocol

/// What is to be sent to the server.
public struct Outgoing: Hashable, Sendable {
    /// Changes without an answer, signed; nil when there are none.
    public let batch: Batch?
    /// Changes that the server holds, whose verdicts may have moved on.
    public let questions: [ChangeID]
    /// How many changes without an answer come after this batch.
    public let remaining: Int
    /// Whose they are: this replica, or one that it goes on from.
    public let replica: ReplicaID
    /// What the server is to know before they come, of chains in audiences where the moment matters.
    public let lodged: [LodgedHead]
    /// What the server has said of them before; there is none but of what it lost.
    public let evidence: [EarlierReceipt]
}

/// Puts together what has no answer yet, inside one write transaction.
struct Outbox {
    let db: Database
    let identity: ReplicaIdentity
    let key: PrivateKey
    let limit: Int
    let bytes: Int
    /// Audiences that are left out, and all actions that are also in one of them.
    var without: Set<AudienceID> = []
    var lodging: Lodging?

    /// What has no answer yet. What has no contents any more is told of only where a later change of its chain needs it, or
    /// another one of its action: without, others may still give the server the contents.
    static let waiting = """
        \(LogTable.isOpen) AND state IN (1, 4) AND NOT isAnswered AND (
            hasContents OR code IS '\(Revocation.deletedMember)' OR EXISTS (
            SELECT 1 FROM change AS later WHERE later.state IN (1, 4) AND later.audience = change.audience
            AND later.replica = change.replica AND later.number > change.number
            AND (later.hasContents OR later.code IS '\(Revocation.deletedMember)') AND NOT later.isAnswered))
        """

    func outgoing() throws -> Outgoing {
        let found = try rows(limit + Limits.groupChanges)
        // A batch is of one replica: what was made before this copy went on as another goes first.
        let replica = found.first?.changeID.replica ?? identity.replica
        let batch = try divided(found.prefix { $0.changeID.replica == replica }, atMost: 1).first
        let count = try Int.fetchOne(db, sql: "SELECT count(*) FROM change WHERE \(Self.waiting)") ?? 0
        let questions = try LogTable(db: db).rows(
            LogTable.isOpen + " AND (state IN (2, 3) OR state = 4 AND behind IS NOT NULL)",
            [ProtocolLimits.verdicts], order: "number LIMIT ?")
        return Outgoing(
            batch: batch, questions: questions.map(\.changeID),
            remaining: count - (batch?.entries.count ?? 0), replica: replica,
            lodged: try batch.map { try lodged($0, of: replica) } ?? [],
            evidence: try KeptReceipts(db: db).receipts(of: batch?.entries.map(\.envelope.id) ?? []))
    }

    /// Where each chain ends for which the moment counts: in what is sent now, or else with what comes after it.
    private func lodged(_ batch: Batch, of replica: ReplicaID) throws -> [LodgedHead] {
        guard let lodging else { return [] }
        var ends: [AudienceID: UInt64] = [:]
        for entry in batch.entries { ends[entry.envelope.audience] = entry.envelope.id.number }
        let names = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT name FROM change JOIN audience ON audience.id = change.audience
                WHERE \(Self.waiting) AND change.replica = ?
                """, arguments: [replica.data])
        let audiences = Set(try names.map { try $0.audience("name") }).filter(lodging.concerns)
        return try audiences.sorted().prefix(ProtocolLimits.batchEntries).compactMap { audience in
            let end = try StoredNumber.of(ends[audience] ?? UInt64(Int64.max))
            let row = try LogTable(db: db).rows(
                Self.waiting + " AND \(LogTable.isInAudience) AND change.replica = ? AND number <= ?",
                [audience.name, replica.data, end], order: "number DESC LIMIT 1"
            ).first
            guard let row, let previous = row.previous else { return nil }
            return LodgedHead(
                audience: audience,
                hash: Chain.link(previous: previous, inner: row.inner, hash: ChangeHash.sha256))
        }
    }

    /// - Parameter most: how many changes.
    private func rows(_ most: Int) throws -> [LoggedRow] {
        var closed = without
        while true {
            let names = closed.sorted().map(\.name)
            let marks = names.map { _ in "?" }.joined(separator: ", ")
            let rows = try LogTable(db: db).rows(
                Self.waiting + " AND audience NOT IN (SELECT id FROM audience WHERE name IN (\(marks)))",
                StatementArguments(names) + [most], order: "number LIMIT ?")
            let kept = Self.whole(rows, &closed)
            // What is behind those that closed as well is looked for anew.
            if !kept.isEmpty || closed.count == names.count { return kept }
        }
    }

    /// Without the actions of which something is left out, and what follows them in their audiences.
    private static func whole(_ rows: [LoggedRow], _ closed: inout Set<AudienceID>) -> [LoggedRow] {
        guard !closed.isEmpty else { return rows }
        var kept: [LoggedRow] = []
        var rest = rows[...]
        while let first = rest.first?.envelope {
            // The changes of a group have numbers that follow each other.
            let end = first.id.number + (first.group.map { UInt64($0.count - $0.index) } ?? 1)
            let action = rest.prefix { $0.changeID.number < end }
            rest = rest.dropFirst(action.count)
            let isWhole = action.count == first.group.map { Int($0.count) } ?? 1
            if isWhole, !action.contains(where: { closed.contains($0.audience) }) {
                kept += action
            } else {
                closed.formUnion(action.map { $0.audience })
            }
        }
        return kept
    }

    /// The audiences in which an own change is held, or waits, be it in the tray.
    static func held(_ db: Database) throws -> Set<AudienceID> {
        let rows = try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT name FROM change JOIN audience ON audience.id = change.audience
                WHERE \(LogTable.isOpen) AND (state IN (2, 3) OR state = 4 AND behind IS NOT NULL)
                AND change.replica IN (SELECT replica FROM own)
                """)
        return Set(try rows.map { try $0.audience("name") })
    }

    /// All that has no answer yet, in the batches that one push after another would send.
    func everything() throws -> [Batch] {
        try divided(LogTable(db: db).rows(Self.waiting, [], order: "number")[...], atMost: .max)
    }

    /// - Parameter most: how many batches.
    private func divided(_ rows: ArraySlice<LoggedRow>, atMost most: Int) throws -> [Batch] {
        let hidden = seedsToHide(rows)
        var rest = rows
        var batches: [Batch] = []
        while let replica = rest.first?.changeID.replica, batches.count < most {
            let part = Self.unbroken(
                try Self.cut(
                    Array(rest.prefix { $0.changeID.replica == replica }), limit: limit, bytes: bytes))
            guard !part.isEmpty else { throw Row.damaged("order of changes") }
            batches.append(try batch(part, hidden.union(seedsToKeep(part))))
            rest = rest.dropFirst(part.count)
        }
        return batches
    }

    /// As much as fits, without dividing a group; at least one action.
    private static func cut(_ rows: [LoggedRow], limit: Int, bytes: Int) throws -> [LoggedRow] {
        var kept: [LoggedRow] = []
        var size = 0
        for row in rows {
            size += row.change?.canonicalBytes.count ?? 128
            let beginsAction = row.envelope.group.map { $0.index == 0 } ?? true
            if beginsAction, !kept.isEmpty {
                let members = row.envelope.group.map { Int($0.count) } ?? 1
                if kept.count + members > limit || size > bytes { break }
            }
            kept.append(row)
        }
        return kept
    }

    /// Up to the first action that follows, in its chain, one that has its answer while an earlier one
    /// here has none: a pull brought it back after the answer to its push was lost. A batch has no gaps.
    private static func unbroken(_ rows: [LoggedRow]) -> [LoggedRow] {
        var tips: [AudienceID: ChangeHash] = [:]
        var action = 0
        for (index, row) in rows.enumerated() {
            if row.envelope.group.map({ $0.index == 0 }) ?? true { action = index }
            let previous = row.previous ?? .zero
            if let tip = tips[row.audience], tip != previous { return Array(rows[..<action]) }
            tips[row.audience] = Chain.link(previous: previous, inner: row.inner, hash: ChangeHash.sha256)
        }
        return rows
    }

    private func batch(_ rows: [LoggedRow], _ hidden: Set<Identifier128>) throws -> Batch {
        var entries: [BatchEntry] = []
        var heads: [AudienceID: ChangeHash] = [:]
        for row in rows {
            guard let previous = row.previous else { throw Row.damaged("previous hash") }
            let isFirst = heads[row.audience] == nil
            entries.append(
                BatchEntry(
                    envelope: row.envelope, body: try body(row, hidden),
                    previous: isFirst ? previous : nil))
            heads[row.audience] = Chain.link(previous: previous, inner: row.inner, hash: ChangeHash.sha256)
        }
        try renewSeeds(of: heads.keys.sorted())
        return Batch(entries: entries, heads: try signed(heads, of: rows[0].changeID.replica))
    }

    /// What lies in the tray is offered without its contents.
    private func body(_ row: LoggedRow, _ hidden: Set<Identifier128>) throws -> BatchEntry.Body {
        guard let change = row.change else {
            guard let commitment = row.commitment else { throw Row.damaged("change without contents") }
            return .commitment(commitment)
        }
        if row.state == .refused {
            return .commitment(Chain.commitment(of: change, hash: ChangeHash.sha256))
        }
        if case .seed(let seed) = change.salt, hidden.contains(seed) {
            let apart = Chain.apart(change, hash: ChangeHash.sha256)
            return .contents(apart.salt, apart.operations)
        }
        // What is left of it is not what was signed.
        if case .erased(let commitment) = change.salt { return .commitment(commitment) }
        return .contents(change.salt, change.operations)
    }

    /// Those of the audiences of which more comes with a later batch: it may be withheld, and readers would have its seed.
    private func seedsToKeep(_ rows: [LoggedRow]) throws -> Set<Identifier128> {
        guard let last = rows.last else { return [] }
        let later = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT DISTINCT name FROM change JOIN audience ON audience.id = change.audience
                    WHERE \(Self.waiting) AND number > ?
                    """), arguments: [try StoredNumber.of(last.changeID.number)])
        let audiences = Set(try later.map { try $0.audience("name") })
        return Set(
            rows.compactMap { row in
                guard audiences.contains(row.audience), case .seed(let seed)? = row.change?.salt else {
                    return nil
                }
                return seed
            })
    }

    /// The seed of a withheld change would open its commitment to whoever guesses the contents.
    private func seedsToHide(_ rows: ArraySlice<LoggedRow>) -> Set<Identifier128> {
        var seeds: Set<Identifier128> = []
        for row in rows where row.state == .refused {
            if case .seed(let seed)? = row.change?.salt { seeds.insert(seed) }
        }
        return seeds
    }

    func signed(
        _ heads: [AudienceID: ChangeHash], of replica: ReplicaID
    ) throws -> [SignedHead] {
        try heads.keys.sorted().compactMap { audience in
            guard let hash = heads[audience] else { return nil }
            return SignedHead(
                replica: replica, audience: audience, links: [],
                signature: try key.sign(SignedHead.message(hash)))
        }
    }

    /// Once a seed has left this device, new edits get another.
    private func renewSeeds(of audiences: [AudienceID]) throws {
        for audience in audiences {
            try db.execute(sql: "DELETE FROM seed WHERE audience = ?", arguments: [audience.name])
        }
    }
}
