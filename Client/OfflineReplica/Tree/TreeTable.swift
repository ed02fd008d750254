import ChangeLog
import Foundation
import GRDB
import TransparencyLog

/// The signed tree heads that this replica has seen, and what was wrong with any.
struct TreeTable {
    let db: Database

    private static let columns = "epoch, size, root, time, signature"

    /// The head with the most leaves that this epoch must go on from; nil before the first exchange.
    ///
    /// After a restore that is the newest one of the epoch before, of those that were inherited.
    func newest() throws -> SignedTreeHead? {
        let records = try EpochTable(db: db).records()
        var epoch = try ReplicaState.load(db).epoch
        var bound = Int64.max
        for _ in 0...records.count {
            let head = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(Self.columns) FROM treeHead WHERE epoch = ? AND size <= ? ORDER BY size DESC LIMIT 1
                    """, arguments: [Int64(bitPattern: epoch.value), bound]
            ).map { try SignedTreeHead($0) }
            if let head { return head }
            guard let record = records.first(where: { $0.epoch == epoch }) else { return nil }
            bound = min(bound, try StoredNumber.of(record.treeSize))
            epoch = record.parent
        }
        return nil
    }

    /// The head of exactly this size; nil where none was seen or it was not kept.
    func head(epoch: Epoch, size: UInt64) throws -> SignedTreeHead? {
        try Row.fetchOne(
            db, sql: "SELECT \(Self.columns) FROM treeHead WHERE epoch = ? AND size = ?",
            arguments: [Int64(bitPattern: epoch.value), try StoredNumber.of(size)]
        ).map { try SignedTreeHead($0) }
    }

    /// Keeps a head that goes on from the newest one, which makes room where it is of the same hour.
    ///
    /// - Parameter isLasting: a receipt names it, so that it is kept for good.
    func insert(_ signed: SignedTreeHead, isLasting: Bool) throws {
        let head = signed.head
        if let last = try newest()?.head, last.epoch == head.epoch, last.size < head.size,
            Self.hour(last) == Self.hour(head)
        {
            try db.execute(
                sql: "DELETE FROM treeHead WHERE epoch = ? AND size = ? AND isLasting = 0",
                arguments: [Int64(bitPattern: last.epoch.value), try StoredNumber.of(last.size)])
        }
        try db.execute(
            sql: """
                INSERT INTO treeHead (\(Self.columns), isLasting) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (epoch, size) DO UPDATE SET isLasting = max(isLasting, excluded.isLasting)
                """,
            arguments: StatementArguments(try Self.values(signed) + [isLasting ? 1 : 0]))
    }

    private static func hour(_ head: TreeHead) -> Int64 { head.milliseconds / 3_600_000 }

    private static func values(_ signed: SignedTreeHead) throws -> [(any DatabaseValueConvertible)?] {
        let head = signed.head
        return [
            Int64(bitPattern: head.epoch.value), try StoredNumber.of(head.size), head.root.data,
            head.milliseconds, signed.signature.data,
        ]
    }

    /// In the order in which they were found.
    func faults() throws -> [TreeFault] {
        let rows = try Row.fetchAll(db, sql: "SELECT * FROM treeFault ORDER BY id")
        return try rows.map { row in
            TreeFault(
                known: try SignedTreeHead(row, "known"), shown: try SignedTreeHead(row, "shown"),
                found: row["found"])
        }
    }

    /// Keeps the evidence for good; the same once.
    func insert(_ fault: TreeFault) throws {
        try db.execute(
            sql: """
                INSERT OR IGNORE INTO treeFault (found,
                    knownEpoch, knownSize, knownRoot, knownTime, knownSignature,
                    shownEpoch, shownSize, shownRoot, shownTime, shownSignature)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: StatementArguments(
                try [fault.found] + Self.values(fault.known) + Self.values(fault.shown)))
    }
}

extension SignedTreeHead {
    fileprivate init(_ row: Row, _ prefix: String = "") throws {
        func name(_ column: String) -> String {
            prefix.isEmpty ? column : prefix + column.prefix(1).uppercased() + column.dropFirst()
        }
        self.init(
            head: TreeHead(
                epoch: Epoch(row.number(name("epoch"))), size: row.number(name("size")),
                root: try row.hash(name("root")), milliseconds: row[name("time")]),
            signature: try row.bytes(name("signature")))
    }
}
