public import ChangeLog
import GRDB
public import Merging

/// A conflict and where it stands.
public struct RecordConflict: Hashable, Sendable {
    public let audience: AudienceID
    public let conflict: Conflict
}

/// Where a record stands: the most urgent of its changes speaks.
public enum ItemState: String, Hashable, Sendable, CaseIterable {
    case accepted, queued, conflict, held, waiting, refused
}

/// How much there is of everything that a person may have to look at.
public struct ReplicaCounts: Hashable, Sendable {
    /// Own changes without an answer.
    public let queued: Int
    public let held: Int
    public let waiting: Int
    /// Changes in the tray.
    public let tray: Int
    public let conflicts: Int
    /// Records to be seen.
    public let records: Int
}

/// What is remembered of exchanges with the server.
public struct ExchangeStatus: Hashable, Sendable {
    /// When everything that the server had was here; milliseconds since 1970 UTC.
    public let lastSync: Int64?
    /// The server's clock minus this machine's, milliseconds.
    public let clockOffset: Int64?
}

/// A change in the log with its way into the order.
public struct LoggedChange: Hashable, Sendable {
    public let envelope: Envelope
    /// nil where the contents are erased or withdrawn.
    public let change: Change?
    public let status: ChangeStatus
}

extension ReplicaReader {
    /// What is to be settled, of one record or of all; by record and audience, then as in the record.
    public func conflicts(of record: RecordID? = nil) throws -> [RecordConflict] {
        let disputed =
            if let record {
                try summaries(where: "conflicts > 0 AND record = ?", [record.data])
            } else {
                try summaries(where: "conflicts > 0", [])
            }
        return try disputed.flatMap { summary in
            let merged = try merged(summary.record, in: summary.audience)
            return (merged?.conflicts ?? []).map { RecordConflict(audience: summary.audience, conflict: $0) }
        }
    }

    /// The conflict of this id; nil when it is settled or never was.
    public func conflict(_ id: String) throws -> RecordConflict? {
        guard let record = RecordID(hex: id.prefix(32)) else { return nil }
        return try conflicts(of: record).first { Array($0.conflict.id.utf8) == Array(id.utf8) }
    }

    /// nil for a change that is not in the log.
    public func status(of change: ChangeID) throws -> ChangeStatus? {
        try LogTable(db: db).row(change)?.status
    }

    /// Own changes that are not accepted and not in the tray, by number.
    public func pending() throws -> [ChangeStatus] {
        try LogTable(db: db).rows(LogTable.isOpen + " AND state <> 4", []).map(\.status)
    }

    public func state(of record: RecordID, in audience: AudienceID) throws -> ItemState {
        let states = try Int.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT DISTINCT state FROM touch JOIN change ON change.id = touch.change
                    WHERE touch.audience = \(AudienceTable.named) AND touch.record = ?
                    AND state <> 0 AND NOT isDropped
                    """), arguments: [audience.name, record.data]
        ).compactMap { ChangeState(stored: $0) }
        if states.contains(.refused) { return .refused }
        if states.contains(.held) { return .held }
        if states.contains(.waiting) { return .waiting }
        if let summary = try summary(of: record, in: audience), summary.conflicts > 0 { return .conflict }
        return states.contains(.queued) ? .queued : .accepted
    }

    /// The log, newest first: own changes without a position, then by falling position.
    ///
    /// - Parameter before: only what stands below this position, for the next page.
    public func log(
        of record: RecordID? = nil, before: Position? = nil, limit: Int = 100
    ) throws -> [LoggedChange] {
        let table = LogTable(db: db)
        var condition = LogTable.isVisible
        var arguments: StatementArguments = []
        if let record {
            condition +=
                " AND id IN (SELECT change FROM audience JOIN touch ON touch.audience = audience.id WHERE record = ?)"
            arguments += [record.data]
        }
        var rows: [LoggedRow] = []
        if before == nil {
            rows = try table.rows(
                condition + " AND " + LogTable.isOpen, arguments + [limit], order: "number DESC LIMIT ?")
        }
        if rows.count < limit {
            let end = try before.map { try StoredNumber.of($0) } ?? Int64.max
            rows += try table.rows(
                condition + " AND position < ?", arguments + [end, limit - rows.count],
                order: "position DESC LIMIT ?")
        }
        return rows.map { LoggedChange(envelope: $0.envelope, change: $0.change, status: $0.status) }
    }

    public func audiences() throws -> [AudienceStatus] { try AudienceTable(db: db).all() }

    public func counts() throws -> ReplicaCounts {
        let states = try Row.fetchAll(
            db,
            sql: """
                SELECT state, count(*) AS n FROM change WHERE state <> 0 AND NOT isDropped GROUP BY state
                """)
        var counts: [ChangeState: Int] = [:]
        for row in states {
            if let state = ChangeState(stored: row["state"]) { counts[state] = row["n"] }
        }
        return ReplicaCounts(
            queued: counts[.queued] ?? 0, held: counts[.held] ?? 0, waiting: counts[.waiting] ?? 0,
            tray: counts[.refused] ?? 0,
            conflicts: try Int.fetchOne(db, sql: "SELECT ifnull(sum(conflicts), 0) FROM record") ?? 0,
            records: try Int.fetchOne(
                db, sql: "SELECT count(*) FROM record WHERE kind IS NOT NULL AND presence <> 1") ?? 0)
    }

    /// The number of the oldest own change that has no answer.
    func oldestQueued() throws -> UInt64? {
        let row = try Row.fetchOne(
            db,
            sql: """
                SELECT min(number) FROM change WHERE \(LogTable.isOpen) AND state = 1 AND NOT isAnswered
                """)
        return (row?[0] as Int64?).map { UInt64(clamping: $0) }
    }

    /// What the server's clock says at a moment of this machine's, as far as it was heard, milliseconds since 1970 UTC.
    public func serverMilliseconds(at local: Int64) throws -> Int64 {
        try ReplicaState.load(db).serverMilliseconds(at: local)
    }

    public func exchange() throws -> ExchangeStatus {
        let state = try ReplicaState.load(db)
        return ExchangeStatus(lastSync: state.lastSync, clockOffset: state.clockOffset)
    }
}
