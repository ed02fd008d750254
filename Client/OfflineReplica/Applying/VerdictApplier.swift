import ChangeLog
import GRDB
import SyncProtocol

/// Takes over what the server decided about own changes, inside one write transaction.
struct VerdictApplier {
    let db: Database
    let identity: ReplicaIdentity
    let schema: Schema

    /// - Returns: those that tell something new; the others repeat what was known when a restored server asked again.
    func apply(_ entries: [VerdictEntry]) throws -> [VerdictEntry] {
        var touched: Set<RecordAddress> = []
        var news: [VerdictEntry] = []
        let own = try OwnReplicas(db)
        for entry in entries where own.includes(entry.change) {
            guard let row = try LogTable(db: db).row(entry.change) else {
                throw ReplicaError(
                    .copied, "a verdict about change \(entry.change.number), which was not made here")
            }
            if !Self.repeats(entry.verdict, row) { news.append(entry) }
            touched.formUnion(try apply(entry.verdict, to: row))
        }
        try ReadModel(db: db, schema: schema).refresh(touched)
        try ReplicaState.advance(db)
        return news
    }

    /// Whether it is in the tray for this, or the server only says that its contents were kept back.
    private static func repeats(_ verdict: Verdict, _ row: LoggedRow) -> Bool {
        guard row.state == .refused, case .refused(let reason) = verdict else { return false }
        return reason.code == "change.withdrawn" || reason.code == row.reason?.code
    }

    private func apply(_ verdict: Verdict, to row: LoggedRow) throws -> Set<RecordAddress> {
        switch verdict {
        case .accepted(let position, let effective):
            if let known = row.position, known != position {
                throw ReplicaError(
                    .evidence, "change \(row.changeID) was at \(known), now the server says \(position)")
            }
            try Acceptance(db: db).accept(row, at: position, effective: effective)
            // Accepted before its audience was revoked, which the answer tells only now.
            if row.reason?.code == Revocation.code, try AudienceTable(db: db).held(row.audience) == nil {
                try Revocation.keepEnvelope(row, db)
            }
            return row.addresses
        case .held(let reason):
            try keep(row, .held, reason, behind: nil)
            return row.addresses
        case .waiting(let behind):
            try keep(row, .waiting, nil, behind: behind)
            return row.addresses
        case .refused(let reason):
            guard row.state != .accepted else {
                throw ReplicaError(.evidence, "change \(row.changeID) was accepted, now it is refused")
            }
            return try refuse(row, reason)
        }
    }

    /// A change that this replica moved to the tray by itself stays there, whatever the server keeps.
    private func keep(_ row: LoggedRow, _ state: ChangeState, _ reason: Reason?, behind: UInt64?) throws {
        guard row.state != .accepted else {
            throw ReplicaError(.evidence, "change \(row.changeID) was accepted, now it is \(state)")
        }
        if row.state == .refused {
            // Of what was only offered as its commitment the server has nothing that it could let in.
            let undecided = row.undecided.map { _ in behind.map { Int64(clamping: $0) } ?? -1 }
            try TrayTable(db: db).markAnswered(row, undecided: undecided)
            return
        }
        try db.execute(
            sql: """
                UPDATE change SET state = ?, isAnswered = 1, code = ?, message = ?, remedy = ?, behind = ?
                WHERE id = ?
                """,
            arguments: [
                state.stored, reason?.code, reason?.message, reason?.remedy,
                try behind.map { try StoredNumber.of($0) }, row.id,
            ])
    }

    private func refuse(_ row: LoggedRow, _ reason: Reason) throws -> Set<RecordAddress> {
        let tray = TrayTable(db: db)
        if row.state == .refused {
            // It followed another one there, and this is only the server's word on what was withdrawn; or the last
            // one on what it held.
            if row.undecided != nil, let entry = row.entry {
                try tray.put(row, reason, entry: entry, isAnswered: true)
            } else {
                try tray.markAnswered(row)
            }
            return []
        }
        let dependence = Dependence(log: LogTable(db: db))
        let root = try tray.rows().first { try dependence.depends(row, on: $0) }
        return try TrayEntry(db: db, number: root?.entry ?? row.changeID.number)
            .take(row, reason, isAnswered: true)
    }
}

extension LoggedRow {
    /// The records that it has operations on.
    var addresses: Set<RecordAddress> {
        guard let change else { return [] }
        return Set(LogTable.records(of: change).map { RecordAddress(audience: audience, record: $0) })
    }
}
