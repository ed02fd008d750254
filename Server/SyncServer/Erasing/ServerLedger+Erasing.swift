import ChangeLog
import GRDB

/// What is to be erased of one change.
struct ErasureTarget: Sendable {
    let erasure: Erasure
    let audience: AudienceID
}

extension ServerLedger {
    /// Every change that is kept, with a position or without, of which something is to be erased.
    ///
    /// - Parameter marks: where, in one change; what is erased already counts no more.
    func erasures(_ marks: (Change) -> [ErasureMark]) throws -> [ErasureTarget] {
        var targets: [ErasureTarget] = []
        for sql in ["SELECT bytes, 1 FROM change ORDER BY position", Self.pendingContents] {
            let rows = try Row.fetchCursor(db, sql: sql)
            while let row = try rows.next() {
                let bytes = try row.bytes(0)
                // What waits may be anything that a device sent: what cannot be read is refused once it is judged.
                guard let change = try? Change(canonicalBytes: bytes) else {
                    if row[1] as Bool { _ = try Change(canonicalBytes: bytes) }
                    continue
                }
                let found = marks(change).filter { change.erasing([$0], hash: sha256) != change }
                guard !found.isEmpty else { continue }
                targets.append(
                    ErasureTarget(erasure: Erasure(of: change.id, found), audience: change.envelope.audience))
            }
        }
        return targets
    }

    private static let pendingContents =
        "SELECT bytes, 0 FROM pending WHERE bytes IS NOT NULL ORDER BY replica, number"

    /// Erases where the contents are kept, and what follows from them; that it was done is written elsewhere.
    ///
    /// - Returns: the first position whose bytes are others now; nil where none has a position.
    func erase(_ erasure: Erasure) throws -> Position? {
        guard let replica = try replicaRow(erasure.change.replica)?.number else { return nil }
        let number = erasure.change.number.pattern
        guard let kept = try contents(of: replica, number) else { return nil }
        let erased = kept.change.erasing(erasure.marks, hash: sha256)
        guard erased != kept.change else { return nil }
        try replace(kept, replica, number, with: erased)
        if kept.position != nil { try updateFacts(from: kept.change, to: erased) }
        let first = try separateNeighbours(of: replica, number, in: kept.change.envelope.audience)
        return [kept.position, first].compactMap(\.self).min()
    }

    /// A change whose contents are kept here; nil of any other.
    func kept(_ id: ChangeID) throws -> Change? {
        guard let replica = try replicaRow(id.replica)?.number, let number = Int64(exactly: id.number) else {
            return nil
        }
        return try contents(of: replica, number)?.change
    }

    private struct Kept {
        let change: Change
        let position: Position?
    }

    /// nil where the contents are not here.
    private func contents(of replica: Int64, _ number: Int64) throws -> Kept? {
        let row = try db.one(
            """
            SELECT coalesce(c.bytes, p.bytes), v.position FROM verdict v
            LEFT JOIN change c ON c.position = v.position
            LEFT JOIN pending p ON p.replica = v.replica AND p.number = v.number
            WHERE v.replica = ? AND v.number = ?
            """, [replica, number])
        guard let row, let bytes = row.optionalBytes(0), let change = try? Change(canonicalBytes: bytes)
        else { return nil }
        return Kept(change: change, position: row.hasNull(atIndex: 1) ? nil : Position(row.word(1)))
    }

    private func replace(_ kept: Kept, _ replica: Int64, _ number: Int64, with change: Change) throws {
        let bytes = change.canonicalBytes.blob
        if let position = kept.position {
            try db.run("UPDATE change SET bytes = ? WHERE position = ?", [bytes, position.value.pattern])
        } else {
            try db.run(
                "UPDATE pending SET bytes = ? WHERE replica = ? AND number = ?", [bytes, replica, number])
        }
    }

    /// A decided value may have been kept by later changes too, which have none of their own.
    private func updateFacts(from old: Change, to new: Change) throws {
        let audience = new.envelope.audience
        guard let number = try audienceNumber(audience) else { return }
        for (before, after) in zip(old.operations, new.operations) {
            guard let value = before.decided, let erased = after.decided, value != erased,
                let field = before.field
            else { continue }
            try db.run(
                "UPDATE fact SET value = ? WHERE record = ? AND field = ? AND audience = ? AND value = ?",
                [
                    erased.canonicalBytes.blob, before.record.bytes.blob, field.name, number,
                    value.canonicalBytes.blob,
                ])
            touched.insert(.decided(before.record, field, audience))
        }
    }

    /// Gives the changes next to one in its chain their salts singly: that of the one would follow from the seed that
    /// they show. Between them may stand some of the same push that were sent singly.
    ///
    /// - Returns: as `erase`.
    private func separateNeighbours(
        of replica: Int64, _ number: Int64, in audience: AudienceID
    ) throws -> Position? {
        guard let audience = try audienceNumber(audience) else { return nil }
        var first: Position?
        for (comparison, order) in [("<", "DESC"), (">", "ASC")] {
            var seed: Identifier128?
            let numbers = try Int64.fetchAll(
                db,
                sql: """
                    SELECT number FROM verdict WHERE replica = ? AND audience = ? AND number \(comparison) ?
                    ORDER BY number \(order) LIMIT ?
                    """, arguments: [replica, audience, number, Erasure.reach])
            for number in numbers {
                guard let kept = try contents(of: replica, number), case .seed(let next) = kept.change.salt
                else {
                    continue
                }
                if let seed, seed != next { break }
                seed = next
                try replace(kept, replica, number, with: Chain.apart(kept.change, hash: sha256))
                first = [first, kept.position].compactMap(\.self).min()
            }
        }
        return first
    }
}

extension Operation {
    /// The value of a decided field that it writes.
    fileprivate var decided: Value? {
        switch self {
        case .write(_, _, .decided, let value), .resolve(_, _, .decided, .value(let value), _): value
        default: nil
        }
    }
}
