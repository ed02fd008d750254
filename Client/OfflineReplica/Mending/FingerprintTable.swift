import ChangeLog
import Foundation
import GRDB
import SyncProtocol

/// Fingerprints of what is here, from sums over blocks of positions.
///
/// What stands at or before the cursor in a whole audience never changes within an epoch, so a block is computed
/// once it is behind the cursor, and kept: whoever records or receives pays nothing for it.
struct FingerprintTable {
    let db: Database

    /// Positions in a block.
    private static let block: UInt64 = 1024
    /// So much is computed anew at each exchange, about; some 5 ms.
    private static let (turnChanges, turnBlocks) = (4096, 1024)

    /// Of a whole audience, up to a position that the cursor has reached.
    func total(of audience: AudienceID, through position: Position) throws -> Fingerprint {
        guard position > .origin else { return .zero }
        let number = try AudienceTable(db: db).number(of: audience)
        let block = position.value / Self.block
        var total = try sum(of: number, before: block)
        try rows(of: number, block * Self.block...position.value) { total.add($0) }
        return total
    }

    func fingerprint(of range: FingerprintRange) throws -> RangeFingerprint {
        RangeFingerprint(
            range: range,
            fingerprint: try total(of: range.audience, through: range.through)
                - total(of: range.audience, through: range.after))
    }

    /// Forgets the blocks that were computed longest ago, with some thousands of changes. In turn all are compared
    /// with what is really here, so that what the disk has lost meanwhile is noticed too.
    func forgetOldest() throws {
        var (changes, last) = (0, Int64(0))
        let rows = try Row.fetchCursor(
            try db.cachedStatement(
                sql: "SELECT id, changes FROM fingerprint ORDER BY id LIMIT \(Self.turnBlocks)"))
        while changes < Self.turnChanges, let row = try rows.next() {
            last = row["id"]
            changes += row["changes"] as Int
        }
        try db.execute(sql: "DELETE FROM fingerprint WHERE id <= ?", arguments: [last])
    }

    func forget(_ audience: AudienceID) throws {
        try db.execute(
            sql: "DELETE FROM fingerprint WHERE \(LogTable.isInAudience)", arguments: [audience.name])
    }

    func forgetAll() throws { try db.execute(sql: "DELETE FROM fingerprint") }

    private func sum(of audience: Int64, before end: UInt64) throws -> Fingerprint {
        var known: [UInt64: Fingerprint] = [:]
        let kept = try Row.fetchCursor(
            try db.cachedStatement(sql: "SELECT block, sum FROM fingerprint WHERE audience = ?"),
            arguments: [audience])
        while let row = try kept.next() {
            guard let sum = Fingerprint(bytes: try row.bytes("sum")) else { throw Row.damaged("sum") }
            known[row.number("block")] = sum
        }
        var total = Fingerprint.zero
        var block: UInt64 = 0
        while block < end {
            if let sum = known[block] {
                total = total + sum
                block += 1
                continue
            }
            var next = block + 1
            while next < end, known[next] == nil { next += 1 }
            total = total + (try compute(block..<next, of: audience))
            block = next
        }
        return total
    }

    /// Blocks in which it has nothing are kept as well: they are not looked through again.
    private func compute(_ blocks: Range<UInt64>, of audience: Int64) throws -> Fingerprint {
        var sums = [(sum: Fingerprint, changes: Int)](repeating: (.zero, 0), count: blocks.count)
        let positions = blocks.lowerBound * Self.block...blocks.upperBound * Self.block - 1
        try rows(of: audience, positions) { row in
            let index = Int(row.position.value / Self.block - blocks.lowerBound)
            sums[index].sum.add(row)
            sums[index].changes += 1
        }
        let insert = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO fingerprint (audience, block, sum, changes) VALUES (?, ?, ?, ?)")
        for (block, kept) in zip(blocks, sums) {
            try insert.execute(
                arguments: [audience, Int64(clamping: block), Data(kept.sum.bytes), kept.changes])
        }
        return sums.reduce(.zero) { $0 + $1.sum }
    }

    struct Placed {
        let position: Position
        let effective: HybridTime
        let inner: ChangeHash
    }

    private func rows(
        of audience: Int64, _ positions: ClosedRange<UInt64>, _ body: (Placed) -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            try db.cachedStatement(
                sql: """
                    SELECT position, effective, inner FROM change
                    WHERE audience = ? AND position IS NOT NULL AND position BETWEEN ? AND ? AND state = 0
                    """),
            arguments: [
                audience, Int64(clamping: positions.lowerBound), Int64(clamping: positions.upperBound),
            ])
        while let row = try rows.next() {
            body(
                Placed(
                    position: row.position("position"), effective: HybridTime(row.number("effective")),
                    inner: try row.hash("inner")))
        }
    }
}

extension Fingerprint {
    fileprivate mutating func add(_ row: FingerprintTable.Placed) {
        add(at: row.position, effective: row.effective, inner: row.inner, hash: ChangeHash.sha256)
    }
}
