import ChangeLog
import GRDB
package import SyncProtocol
import Synchronization

/// Fingerprints of parts of audiences, from sums over blocks of positions that are kept in memory.
///
/// What stands at a position never changes within an epoch, and a server process serves one epoch; so a sum is
/// computed once, the first time that somebody compares the audience.
final class AudienceFingerprints: Sendable {
    /// Positions in a block.
    private static let block: UInt64 = 1024

    /// The blocks of an audience in which it has changes.
    private struct Sums {
        var blocks: [UInt64] = []
        /// Of all blocks up to each of these.
        var totals: [Fingerprint] = []
        /// The first block that is not in it.
        var end: UInt64 = 0

        func total(before block: UInt64) -> Fingerprint {
            let count = blocks.partitioningIndex { $0 >= block }
            return count == 0 ? .zero : totals[count - 1]
        }
    }

    private let sums = Mutex<[AudienceID: Sums]>([:])
    /// Held while sums are computed, so that many who ask at once, as after a start, wait for one.
    private let computing = Mutex<Void>(())

    /// - Parameter limit: of what is looked at.
    func differing(
        _ parts: [RangeFingerprint], readable: [AudienceID], limit: Int, in ledger: ServerLedger
    ) throws -> FingerprintComparison {
        let (readable, head) = (Set(readable), try ledger.head())
        var comparison = FingerprintComparison()
        // A device that may not read an audience learns nothing of it.
        for part in parts where readable.contains(part.range.audience) {
            let range = part.range
            guard range.through <= head else {
                comparison.differing?.append(range)
                continue
            }
            let (start, end) = (
                try total(of: range.audience, through: range.after, &comparison.walked, ledger),
                try total(of: range.audience, through: range.through, &comparison.walked, ledger)
            )
            guard comparison.walked <= limit else {
                comparison.differing = nil
                break
            }
            if end - start != part.fingerprint { comparison.differing?.append(range) }
        }
        return comparison
    }

    private func total(
        of audience: AudienceID, through position: Position, _ walked: inout Int, _ ledger: ServerLedger
    ) throws -> Fingerprint {
        guard position > .origin, let number = try ledger.audienceNumber(audience) else { return .zero }
        walked += 1
        let block = position.value / Self.block
        var total = try sums(of: audience, number, before: block, ledger).total(before: block)
        try rows(of: number, block * Self.block...position.value, ledger) { position, effective, inner in
            total.add(at: position, effective: effective, inner: inner, hash: sha256)
            walked += 1
        }
        return total
    }

    /// Complete as far as `block`, exclusively.
    private func sums(
        of audience: AudienceID, _ number: Int64, before block: UInt64, _ ledger: ServerLedger
    ) throws -> Sums {
        if let known = sums.withLock({ $0[audience] }), known.end >= block { return known }
        return try computing.withLock { _ in try extend(audience, number, to: block, ledger) }
    }

    private func extend(
        _ audience: AudienceID, _ number: Int64, to block: UInt64, _ ledger: ServerLedger
    ) throws -> Sums {
        var known = sums.withLock { $0[audience] } ?? Sums()
        // Another one was first.
        guard known.end < block else { return known }
        try rows(of: number, known.end * Self.block...block * Self.block - 1, ledger) {
            position, effective, inner in
            let block = position.value / Self.block
            if known.blocks.last != block {
                known.blocks.append(block)
                known.totals.append(known.totals.last ?? .zero)
            }
            known.totals[known.totals.count - 1].add(
                at: position, effective: effective, inner: inner, hash: sha256)
        }
        known.end = block
        sums.withLock { [known] in $0[audience] = known }
        return known
    }

    private func rows(
        of audience: Int64, _ positions: ClosedRange<UInt64>, _ ledger: ServerLedger,
        _ body: (Position, HybridTime, ChangeHash) -> Void
    ) throws {
        let rows = try Row.fetchCursor(
            ledger.db.cachedStatement(
                sql: """
                    SELECT c.position, c.effective, v.inner FROM change c
                    JOIN verdict v ON v.replica = c.replica AND v.number = c.number
                    WHERE c.audience = ? AND c.position BETWEEN ? AND ? ORDER BY c.position
                    """),
            arguments: [
                audience, Int64(clamping: positions.lowerBound), Int64(clamping: positions.upperBound),
            ])
        while let row = try rows.next() {
            body(Position(row.word(0)), HybridTime(row.word(1)), try row.hash(2))
        }
    }
}

/// What a comparison came to.
package struct FingerprintComparison: Sendable {
    /// The parts that are otherwise here; nil where the limit was reached before all were compared.
    package var differing: [FingerprintRange]? = []
    /// How many changes were looked at for it; a place in the order that was sought counts as one.
    var walked = 0
}

extension Array {
    /// The first index of which the element belongs to the second part, in an array in two parts.
    fileprivate func partitioningIndex(where isSecond: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isSecond(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
