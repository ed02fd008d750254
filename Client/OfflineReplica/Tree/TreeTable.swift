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
        for (epoch, bound) in try bounds() {
            let head = try Row.fetchOne(
                db,
                sql: """
                    SELECT \(Self.columns) FROM treeHead WHERE epoch = ? AND size <= ? ORDER BY size DESC LIMIT 1
                    """, arguments: [Int64(bitPattern: epoch.value), bound]
            ).map { try SignedTreeHead($0) }
            if let head { return head }
        }
        return nil
    }

    /// The heads that the epoch must go on from, the smallest first.
    func lineage() throws -> [SignedTreeHead] {
        var heads: [SignedTreeHead] = []
        for (epoch, bound) in try bounds() {
            heads += try Row.fetchAll(
                db,
                sql: "SELECT \(Self.columns) FROM treeHead WHERE epoch = ? AND size <= ?",
                arguments: [Int64(bitPattern: epoch.value), bound]
            ).map { try SignedTreeHead($0) }
        }
        return heads.sorted { $0.head.size < $1.head.size }
    }

    /// The epoch in force and those before it, with how many leaves of each are inherited.
    private func bounds() throws -> [(epoch: Epoch, size: Int64)] {
        let records = try EpochTable(db: db).records()
        var found = [(epoch: try ReplicaState.load(db).epoch, size: Int64.max)]
        while let last = found.last, found.count <= records.count,
            let record = records.first(where: { $0.epoch == last.epoch })
        {
            found.append((record.parent, min(last.size, try StoredNumber.of(record.treeSize))))
        }
        return found
    }

    /// The head of exactly this size; nil where none was seen or it was not kept.
    func head(epoch: Epoch, size: UInt64) throws -> SignedTreeHead? {
        try Row.fetchOne(
            db, sql: "SELECT \(Self.columns) FROM treeHead WHERE epoch = ? AND size = ?",
            arguments: [Int64(bitPattern: epoch.value), try StoredNumber.of(size)]
        ).map { try SignedTreeHead($0) }
    }

    /// So many of the newest are kept whatever their hour: where two pasts part is found out among them.
    static let newestKept = 32

    /// Keeps a head that goes on from the newest one. Of those that are not among the newest any more one of each hour
    /// is enough.
    ///
    /// - Parameter isLasting: a receipt names it, so that it is kept for good.
    func insert(_ signed: SignedTreeHead, isLasting: Bool) throws {
        try db.execute(
            sql: """
                INSERT INTO treeHead (\(Self.columns), isLasting) VALUES (?, ?, ?, ?, ?, ?)
                ON CONFLICT (epoch, size) DO UPDATE SET isLasting = max(isLasting, excluded.isLasting)
                """,
            arguments: StatementArguments(try Self.values(signed) + [isLasting ? 1 : 0]))
        try thin(signed.head.epoch)
    }

    /// Takes away what has just left the newest, where the one after it is of the same hour.
    private func thin(_ epoch: Epoch) throws {
        let pair = try Row.fetchAll(
            db,
            sql: """
                SELECT \(Self.columns) FROM treeHead WHERE epoch = ? ORDER BY size DESC LIMIT 2 OFFSET ?
                """, arguments: [Int64(bitPattern: epoch.value), Self.newestKept - 1]
        ).map { try SignedTreeHead($0).head }
        guard pair.count == 2, Self.hour(pair[0]) == Self.hour(pair[1]) else { return }
        try db.execute(
            sql: "DELETE FROM treeHead WHERE epoch = ? AND size = ? AND isLasting = 0",
            arguments: [Int64(bitPattern: epoch.value), try StoredNumber.of(pair[1].size)])
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
        let records = try EpochTable(db: db).records()
        let bounds = try bounds()
        return try rows.map { row in
            var fault = TreeFault(
                known: try SignedTreeHead(row, "known"), shown: try SignedTreeHead(row, "shown"),
                found: row["found"])
            fault.shared = (row["shared"] as Int64?).map { UInt64(bitPattern: $0) }
            fault.declared = try declaration(of: fault.known.head, bounds, records)
            return fault
        }
    }

    /// How the newest epoch began that does not inherit a head.
    private func declaration(
        of head: TreeHead, _ bounds: [(epoch: Epoch, size: Int64)], _ records: [EpochRecord]
    ) throws -> EpochRecord? {
        guard let index = bounds.firstIndex(where: { $0.epoch == head.epoch }),
            try StoredNumber.of(head.size) > bounds[index].size
        else { return nil }
        return bounds[..<index].lazy.compactMap { bound in
            records.first { $0.epoch == bound.epoch && $0.treeSize < head.size }
        }.first
    }

    /// Writes down how many leaves two pasts have in common.
    func note(shared: UInt64, in fault: TreeFault) throws {
        try db.execute(
            sql: """
                UPDATE treeFault SET shared = ?
                WHERE knownSize = ? AND knownRoot = ? AND shownSize = ? AND shownRoot = ?
                """,
            arguments: [
                try StoredNumber.of(shared), try StoredNumber.of(fault.known.head.size),
                fault.known.head.root.data, try StoredNumber.of(fault.shown.head.size),
                fault.shown.head.root.data,
            ])
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
