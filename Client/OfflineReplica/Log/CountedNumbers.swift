import ChangeLog
import GRDB

/// Which own changes the one number of a base counts as seen, and where that is not what is shown (P-137).
///
/// What was made here is shown, as long as its contents are here. A base counts those of the replica that this one is,
/// and of those that it continues up to a number.
struct CountedNumbers {
    let db: Database
    private let replicas: [Counted]

    private struct Counted {
        let replica: ReplicaID
        /// Up to which number they count.
        let through: Int64
        let isCurrent: Bool
    }

    init(_ db: Database) throws {
        self.db = db
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: "SELECT own.replica, through, replica.replica AS current FROM own, replica"))
        let lineages = rows.count > 1 ? try ContinuationTable(db: db).lineages() : Lineages()
        replicas = try rows.map { row in
            let (replica, current) = (try row.replica("replica"), try row.replica("current"))
            let made: Int64 = row["through"]
            let ancestor = lineages[current].ancestors.first { $0.replica == replica }
            return Counted(
                replica: replica,
                through: replica == current ? made : min(made, Int64(clamping: ancestor?.through ?? 0)),
                isCurrent: replica == current)
        }
    }

    /// A deleted change that a restored server lost: it may never come back.
    private static let isLost = """
        \(LogTable.isOpen) AND state = 4 AND NOT hasContents AND change.replica = ? AND number <= ?
        """

    /// Whether lost and deleted changes of an audience count.
    func includesLost(in audience: AudienceID) throws -> Bool {
        let statement = try db.cachedStatement(
            sql: "SELECT 1 FROM change WHERE \(Self.isLost) AND \(LogTable.isInAudience) LIMIT 1")
        return try replicas.contains { counted in
            try Row.fetchOne(
                statement, arguments: [counted.replica.data, counted.through, audience.name]) != nil
        }
    }

    /// The lowest number of a lost and deleted change that counts, and the audiences that there are any in.
    func lost() throws -> (lowest: UInt64, audiences: [AudienceID])? {
        let statement = try db.cachedStatement(
            sql: """
                SELECT min(number) AS number, name
                FROM change JOIN audience ON audience.id = change.audience WHERE \(Self.isLost) GROUP BY name
                """)
        var (lowest, audiences): (UInt64, [AudienceID]) = (.max, [])
        for counted in replicas {
            for row in try Row.fetchAll(statement, arguments: [counted.replica.data, counted.through]) {
                lowest = min(lowest, row.number("number"))
                audiences.append(try row.audience("name"))
            }
        }
        return audiences.isEmpty ? nil : (lowest, audiences)
    }

    /// Whether a view shows own changes in an audience that a base on it names by no number, nor by a position.
    func excludesShown(in audience: AudienceID, on view: View) throws -> Bool {
        let others = replicas.filter { !$0.isCurrent }
        guard !others.isEmpty else { return false }
        let wholeAt = try AudienceTable(db: db).wholeAt(audience)
        let isWhole = wholeAt.map { $0 <= view.cursor } ?? false
        let statement = try db.cachedStatement(
            sql: """
                SELECT 1 FROM change WHERE replica = ? AND number > ? AND number <= ? AND state <> 4 AND hasContents
                AND \(LogTable.isInAudience) AND (position IS NULL OR position > ?) LIMIT 1
                """)
        return try others.contains { other in
            try Row.fetchOne(
                statement,
                arguments: [
                    other.replica.data, other.through, try StoredNumber.of(view.own), audience.name,
                    try StoredNumber.of(isWhole ? view.cursor : .origin),
                ]) != nil
        }
    }
}
