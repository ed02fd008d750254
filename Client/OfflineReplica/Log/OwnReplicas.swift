import ChangeLog
import Foundation
import GRDB

/// The replicas that this copy was and is: what they made up to a number was made here.
struct OwnReplicas {
    private let through: [ReplicaID: UInt64]

    init(_ db: Database) throws {
        let statement = try db.cachedStatement(sql: "SELECT replica, through FROM own")
        var through: [ReplicaID: UInt64] = [:]
        for row in try Row.fetchAll(statement) {
            through[try row.replica("replica")] = row.number("through")
        }
        self.through = through
    }

    func includes(_ change: ChangeID) -> Bool {
        through[change.replica].map { change.number <= $0 } ?? false
    }

    /// The condition that a change was made here.
    static let condition = """
        EXISTS (SELECT 1 FROM own WHERE own.replica = change.replica AND change.number <= own.through)
        """

    /// All that a replica makes from now on is made here, and nothing more that the one before makes.
    ///
    /// - Parameter last: the last change of the one before that was made here.
    static func begin(_ replica: ReplicaID, after last: ChangeID?, _ db: Database) throws {
        if let last {
            try db.execute(
                sql: "UPDATE own SET through = min(through, ?) WHERE replica = ?",
                arguments: [try StoredNumber.of(last.number), last.replica.data])
        }
        try db.execute(
            sql: "INSERT INTO own (replica, through) VALUES (?, ?)", arguments: [replica.data, Int64.max])
    }
}

/// Which replicas go on from which others, as the roster says.
struct ContinuationTable {
    let db: Database

    func lineages() throws -> Lineages {
        let statement = try db.cachedStatement(sql: "SELECT replica, continued, number FROM continuation")
        return Lineages(
            try Row.fetchAll(statement).map { row in
                Continuation(
                    replica: try row.replica("replica"),
                    continued: ChangeID(replica: try row.replica("continued"), number: row.number("number")))
            })
    }

    /// Whether any other goes on from it.
    func isContinued(_ replica: ReplicaID) throws -> Bool {
        let statement = try db.cachedStatement(sql: "SELECT 1 FROM continuation WHERE continued = ? LIMIT 1")
        return try Row.fetchOne(statement, arguments: [replica.data]) != nil
    }

    /// How a replica came to be what it is, the newest first.
    func chain(of replica: ReplicaID) throws -> [Continuation] {
        var chain: [Continuation] = []
        var next = replica
        while chain.count < Lineages.depth,
            let row = try Row.fetchOne(
                db, sql: "SELECT continued, number FROM continuation WHERE replica = ?",
                arguments: [next.data])
        {
            let continued = ChangeID(replica: try row.replica("continued"), number: row.number("number"))
            chain.append(Continuation(replica: next, continued: continued))
            next = continued.replica
        }
        return chain
    }

    func insert(_ continuation: Continuation) throws {
        try db.execute(
            sql: "INSERT OR REPLACE INTO continuation (replica, continued, number) VALUES (?, ?, ?)",
            arguments: [
                continuation.replica.data, continuation.continued.replica.data,
                try StoredNumber.of(continuation.continued.number),
            ])
    }
}
