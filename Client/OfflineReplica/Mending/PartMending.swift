import ChangeLog
import Foundation
import GRDB
import SyncProtocol

/// Puts right what is otherwise here than what the server delivers of a part of an audience, inside one write
/// transaction.
///
/// What is missing is put back, and what stands at another place or time is moved. Nothing is deleted. That the
/// server tells the truth is checked as ever: the chain of each author, with what came back, has to end at the hash
/// that was known here or that a signature covers; and an own change stays where its verdict said.
struct PartMending {
    let db: Database
    let identity: ReplicaIdentity
    let schema: Schema

    /// - Parameter batches: all that the server has of the places that differ.
    /// - Returns: how many changes were put right.
    func mend(_ part: FingerprintRange, with batches: [Batch]) throws -> Int {
        guard try AudienceTable(db: db).wholeAt(part.audience) != nil else { return 0 }
        let number = try AudienceTable(db: db).number(of: part.audience)
        let own = try OwnReplicas(db)
        var touched: Set<RecordAddress> = []
        var returned: [ReplicaID: [Incoming]] = [:]
        var mended = 0
        for entry in batches.flatMap(\.entries).map({ Incoming($0) }) {
            guard entry.envelope.audience == part.audience, let placement = entry.placement,
                placement.position > part.after, placement.position <= part.through
            else { throw ReplicaError(.outOfOrder, "a change outside of the part that was asked for") }
            // The roster names the keys that the rest is checked with.
            if part.audience == Roster.audience, let change = entry.change {
                try RosterTable(db: db).note(change)
            }
            let row = try LogTable(db: db).row(entry.envelope.id)
            if let row, try isRight(row, entry, placement, own) { continue }
            if let row {
                try Acceptance(db: db).accept(row, at: placement.position, effective: placement.effective)
            } else {
                guard try isRecoverable(entry.envelope.id, own) else { continue }
                try insert(entry, at: placement, in: number)
                returned[entry.envelope.id.replica, default: []].append(entry)
            }
            mended += 1
            touched.formUnion(
                (entry.change.map(LogTable.records) ?? []).map {
                    RecordAddress(audience: part.audience, record: $0)
                })
        }
        touched.formUnion(
            try Erasing(db: db).follow(returned.values.joined().lazy.compactMap(\.change)))
        for (replica, entries) in returned {
            if replica == identity.replica {
                try checkOwnChain(in: part.audience)
            } else {
                try checkChain(of: replica, in: part.audience, entries, batches)
            }
        }
        try FingerprintTable(db: db).forget(part.audience)
        try ReadModel(db: db, schema: schema).refresh(touched)
        if mended > 0 { try ReplicaState.advance(db) }
        return mended
    }

    private func isRight(
        _ row: LoggedRow, _ entry: Incoming, _ placement: BatchEntry.Placement, _ own: OwnReplicas
    ) throws -> Bool {
        guard row.inner == entry.inner else {
            throw ReplicaError(.evidence, "change \(row.changeID) is another one at the server")
        }
        if row.state == .accepted, let position = row.position, position != placement.position,
            own.includes(row.changeID)
        {
            throw ReplicaError(
                .evidence,
                "change \(row.changeID) stands at \(placement.position), its verdict said \(position)")
        }
        return row.state == .accepted && row.position == placement.position
            && row.effective == placement.effective
    }

    /// What the replica made that this copy was before has its chain in parts, in two copies: it stays missing, and
    /// is told.
    ///
    /// - Throws: `copied` for what this copy did not make.
    private func isRecoverable(_ id: ChangeID, _ own: OwnReplicas) throws -> Bool {
        guard own.includes(id) else { return true }
        guard id.replica == identity.replica else { return false }
        guard id.number <= (try ReplicaState.load(db)).number else {
            throw ReplicaError(
                .copied, "the server has a change \(id.number) of this replica that was not made here")
        }
        return true
    }

    private func insert(
        _ entry: Incoming, at placement: BatchEntry.Placement, in audience: Int64
    ) throws {
        _ = try LogTable(db: db).insert(
            LogTable.Entry(
                envelope: entry.envelope, change: entry.change,
                canonicalBytes: entry.change?.canonicalBytes ?? entry.envelope.canonicalBytes,
                state: .accepted, position: placement.position, effective: placement.effective,
                inner: entry.inner, gap: entry.links),
            in: audience)
    }

    /// Own changes are all here, refused ones too: with what came back each of them has to follow the one before.
    private func checkOwnChain(in audience: AudienceID) throws {
        var hash = ChangeHash.zero
        let rows = try Row.fetchCursor(
            db,
            sql: """
                SELECT inner, previous FROM change WHERE \(LogTable.isInAudience) AND replica = ? ORDER BY number
                """, arguments: [audience.name, identity.replica.data])
        while let row = try rows.next() {
            if let bytes = row.optionalBytes("previous"), ChangeHash(bytes: bytes) != hash {
                throw ReplicaError(.evidence, "own changes in \(audience) do not fit into their chain")
            }
            hash = Chain.link(previous: hash, inner: try row.hash("inner"), hash: ChangeHash.sha256)
        }
        guard try ChainTable(db: db).hash(identity.replica, audience) == hash else {
            throw ReplicaError(.evidence, "own changes in \(audience) do not end at their hash")
        }
    }

    /// With what came back the chain has to lead to the hash that was known, and beyond it to a signature.
    private func checkChain(
        of replica: ReplicaID, in audience: AudienceID, _ entries: [Incoming], _ batches: [Batch]
    ) throws {
        let known = try ChainTable(db: db).hash(replica, audience) ?? .zero
        let links = try StoredChain(db: db, replica: replica, audience: audience).links()
        if links.last?.hash == known { return }
        let end = known == .zero ? 0 : links.last { $0.hash == known }?.number
        let beyond = links.filter { $0.number > end ?? .max }.map(\.number)
        let tail = entries.filter { $0.envelope.id.number > end ?? .max }
        guard end != nil, tail.map(\.envelope.id.number) == beyond else {
            throw ReplicaError(
                .evidence, "the changes of replica \(replica) in \(audience) do not fit into its chain")
        }
        let heads = batches.flatMap { batch in
            let last = batch.entries.last { $0.envelope.id.replica == replica }?.envelope.id.number
            return batch.heads.filter { $0.audience == audience && $0.replica == replica }.map { head in
                ChainWalk.Head(
                    replica: replica, number: last ?? 0, links: head.links, signature: head.signature)
            }
        }
        try ChainWalk(db: db, identity: identity, audience: audience).follow(
            tail.map { ChainWalk.Step(change: $0.envelope.id, inner: $0.inner, links: $0.links) },
            heads: heads)
    }
}
