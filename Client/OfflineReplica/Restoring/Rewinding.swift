import ChangeLog
import GRDB

/// The server was restored from a backup: its order ends earlier than what is here, and goes on otherwise.
///
/// Positions behind the last one that both have in common are dropped, and everything is folded anew. Own
/// changes are kept under their numbers, and wait for an answer again; what was refused stays in the tray, and
/// is offered without its contents, as what follows it in its chain needs it. All of it happens inside one
/// write transaction.
struct Rewinding {
    let db: Database
    let schema: Schema

    /// - Parameter records: how the server's epochs began; their signatures were checked.
    /// - Returns: the last position that is kept.
    func rewind(to epoch: Epoch, _ records: [EpochRecord]) throws -> Position {
        let (mine, theirs) = (try EpochTable(db: db).lineage(), EpochLineage(epoch, records))
        // Nobody signed that it is in force again.
        guard mine.bound(of: epoch) == nil else {
            throw ReplicaError(
                .epoch, "the server stands in epoch \(epoch), which was left for \(mine.current) by a restore"
            )
        }
        guard let common = theirs.common(with: mine) else {
            throw ReplicaError(.epoch, "epoch \(epoch) does not go on from any that is known here")
        }
        for record in records { try EpochTable(db: db).insert(record) }
        var state = try ReplicaState.load(db)
        let point = min(state.cursor, common)
        try AudienceTable(db: db).forgetStaged()
        let chains = try chains(behind: common)
        try OfferBox(db: db).fill(behind: common)
        for (replica, audience) in chains { try OfferBox(db: db).setPrevious(of: replica, in: audience) }
        try takeBackOwn(behind: common)
        try dropOthers(behind: common)
        try FingerprintTable(db: db).forgetAll()
        for (replica, audience) in chains { try returnChain(of: replica, in: audience) }
        try shortenAudiences(to: common)
        state.epoch = epoch
        state.cursor = point
        state.version += 1
        try state.save(db)
        try ReadModel(db: db, schema: schema).rebuild()
        return point
    }

    /// Whatever has no inherited position is offered again: under the same number, so that it comes once.
    private func takeBackOwn(behind point: Position) throws {
        let end = try StoredNumber.of(point)
        // What was handed in went with its contents, and goes so again.
        let isKept = "(state = 4 AND (isDropped OR code IS NOT '\(Revocation.handedIn.code)'))"
        try db.execute(
            sql: """
                UPDATE change SET state = CASE WHEN \(isKept) THEN 4 ELSE 1 END, isAnswered = 0,
                    position = NULL, effective = NULL, behind = NULL,
                    code = CASE WHEN \(isKept) THEN code END,
                    message = CASE WHEN \(isKept) THEN message END,
                    remedy = CASE WHEN \(isKept) THEN remedy END,
                    entry = CASE WHEN \(isKept) THEN entry END
                WHERE \(OwnReplicas.condition) AND hasContents AND (position IS NULL OR position > ?)
                """, arguments: [end])
        // Of an audience that may not be read any more nothing is left to be offered, but for the place in its chain.
        let reason = Revocation.deleted
        try db.execute(
            sql: """
                UPDATE change SET state = 4, isAnswered = 0, isDropped = 1, position = NULL, effective = NULL,
                    code = ?, message = ?, remedy = ?
                WHERE \(OwnReplicas.condition) AND NOT hasContents AND position > ?
                """, arguments: [reason.code, reason.message, reason.remedy, end])
        try markMembers()
    }

    /// An action is judged whole: what is sent of it again would wait for ever for what is deleted here.
    private func markMembers() throws {
        let log = LogTable(db: db)
        let deleted = try log.rows(
            LogTable.isOpen + " AND state = 4 AND NOT isAnswered AND NOT hasContents AND code = ?",
            [Revocation.deleted.code])
        for row in deleted {
            guard let group = row.envelope.group else { continue }
            let first = row.changeID.number - UInt64(group.index)
            let isSent = try (first..<first + UInt64(group.count)).contains { number in
                let member = try log.row(ChangeID(replica: row.changeID.replica, number: number))
                return member.map { $0.change != nil && !$0.isAnswered } ?? false
            }
            guard isSent else { continue }
            try db.execute(
                sql: "UPDATE change SET code = ? WHERE id = ?", arguments: [Revocation.deletedMember, row.id])
        }
    }

    /// The chains that are followed beyond the point.
    private func chains(behind point: Position) throws -> [(ReplicaID, AudienceID)] {
        try Row.fetchAll(
            db,
            sql: """
                SELECT DISTINCT change.replica AS replica, audience.name AS audience
                FROM change JOIN audience ON audience.id = change.audience
                WHERE position > ? AND change.replica <> (SELECT replica FROM replica)
                """, arguments: [try StoredNumber.of(point)]
        ).map { (try $0.replica("replica"), try $0.audience("audience")) }
    }

    private func dropOthers(behind point: Position) throws {
        let lost = "position > ? AND NOT \(OwnReplicas.condition)"
        let end = try StoredNumber.of(point)
        try db.execute(
            sql: "DELETE FROM touch WHERE change IN (SELECT id FROM change WHERE \(lost))", arguments: [end])
        try db.execute(
            sql: "DELETE FROM gap WHERE change IN (SELECT id FROM change WHERE \(lost))", arguments: [end])
        try db.execute(sql: "DELETE FROM change WHERE \(lost)", arguments: [end])
    }

    /// Where a chain stands after the last of its changes that is still in the order.
    private func returnChain(of replica: ReplicaID, in audience: AudienceID) throws {
        let links = try StoredChain(db: db, replica: replica, audience: audience).links()
        let hash = links.last?.hash ?? .zero
        if hash == .zero {
            try db.execute(
                sql: "DELETE FROM chain WHERE replica = ? AND audience = ?",
                arguments: [replica.data, audience.name])
        } else {
            try ChainTable(db: db).set(hash, replica, audience)
        }
    }

    /// What began after the point the server does not know: it would be told to be given up. It is granted
    /// again once a change of it has come there.
    private func shortenAudiences(to point: Position) throws {
        let table = AudienceTable(db: db)
        for status in try table.all() where status.end > point {
            let isInherited =
                try Int.fetchOne(
                    db,
                    sql: """
                        SELECT 1 FROM change WHERE \(LogTable.isInAudience) AND position IS NOT NULL LIMIT 1
                        """, arguments: [status.audience.name]) != nil
            if isInherited {
                try table.shorten(status.audience, to: point)
            } else {
                try ChainTable(db: db).forget(status.audience, except: currentReplica())
                try table.delete(status.audience)
            }
        }
        try db.execute(
            sql: "UPDATE audience SET wholeAt = min(wholeAt, ?) WHERE wholeAt IS NOT NULL",
            arguments: [try StoredNumber.of(point)])
    }

    private func currentReplica() throws -> ReplicaID {
        guard let row = try Row.fetchOne(db, sql: "SELECT replica FROM replica") else {
            throw Row.damaged("replica")
        }
        return try row.replica("replica")
    }
}
