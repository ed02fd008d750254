public import ChangeLog
import GRDB
import SyncProtocol

/// Takes over what the server delivers, inside one write transaction: changes, chains, read model and
/// cursor move together or not at all.
struct DeliveryApplier {
    let db: Database
    let identity: ReplicaIdentity
    let schema: Schema

    func apply(_ delivery: Delivery) throws -> Applied {
        var state = try ReplicaState.load(db)
        if try isOvertaken(delivery, state) { return Applied(received: 0, whole: [], hasErased: false) }
        let audiences = try standings(of: delivery)
        try checkOrder(delivery, state, audiences)
        let begin = delivery.lane.map { audiences[$0]?.held.have ?? .origin } ?? state.cursor
        try Promises(db: db).check(delivery, from: begin)
        let entries = news(in: delivery, state, audiences).map { Incoming($0) }
        let own = try OwnReplicas(db)
        let walkable = Set(audiences.filter { $0.value.isWhole || delivery.lane == $0.key }.keys)
        try noteRoster(entries, walkable)
        try checkCopies(entries)
        var touched: Set<RecordAddress> = []
        for entry in entries {
            guard let standing = audiences[entry.envelope.audience] else { continue }
            touched.formUnion(
                try take(
                    entry, standing, own, isVisible: delivery.lane == nil && standing.isWhole,
                    isWalked: walkable.contains(entry.envelope.audience)))
        }
        try follow(delivery.batch, entries, walkable)
        let erased = try Erasing(db: db).follow(entries.lazy.compactMap(\.change))
        touched.formUnion(erased)
        var whole: [AudienceID] = []
        if let lane = delivery.lane {
            try AudienceTable(db: db).advance(lane, to: delivery.through)
            if audiences[lane]?.held.end == delivery.through {
                touched.formUnion(try AudienceCompletion(db: db, identity: identity).complete(lane, state))
                whole.append(lane)
            }
        } else {
            state.cursor = delivery.through
        }
        let readModel = ReadModel(db: db, schema: schema)
        try readModel.refresh(touched)
        if !erased.isEmpty { try readModel.dropDeletedWords() }
        state.version += 1
        try state.save(db)
        return Applied(received: entries.count, whole: whole, hasErased: !erased.isEmpty)
    }

    /// Whether another process of this replica has received all of it already, and more.
    private func isOvertaken(_ delivery: Delivery, _ state: ReplicaState) throws -> Bool {
        guard let lane = delivery.lane else { return delivery.through < state.cursor }
        let audiences = AudienceTable(db: db)
        guard let held = try audiences.held(lane), delivery.through <= held.end else { return false }
        return try delivery.through < held.have || audiences.wholeAt(lane) != nil
    }

    /// An audience as it stands before the delivery.
    private struct Standing {
        let number: Int64
        let held: Want.Held
        let isWhole: Bool
    }

    /// Those of the delivery that are granted.
    private func standings(of delivery: Delivery) throws -> [AudienceID: Standing] {
        let table = AudienceTable(db: db)
        var standings: [AudienceID: Standing] = [:]
        let names = Set(delivery.batch.entries.map(\.envelope.audience)).union(
            delivery.lane.map { [$0] } ?? [])
        for audience in names {
            guard let held = try table.held(audience) else { continue }
            standings[audience] = Standing(
                number: try table.number(of: audience), held: held,
                isWhole: try table.wholeAt(audience) != nil)
        }
        return standings
    }

    private func checkOrder(
        _ delivery: Delivery, _ state: ReplicaState, _ audiences: [AudienceID: Standing]
    ) throws {
        var begin = state.cursor
        if let lane = delivery.lane {
            guard let standing = audiences[lane], !standing.isWhole else {
                throw ReplicaError(.outOfOrder, "a lane of \(lane), which is not being granted")
            }
            guard delivery.through <= standing.held.end else {
                throw ReplicaError(.outOfOrder, "the lane of \(lane) goes beyond its end")
            }
            begin = standing.held.have
        }
        guard delivery.through >= begin else {
            throw ReplicaError(
                .outOfOrder, "a delivery up to \(delivery.through), although \(begin) is reached")
        }
        for entry in delivery.batch.entries {
            let audience = entry.envelope.audience
            guard let position = entry.placement?.position, position <= delivery.through else {
                throw ReplicaError(.outOfOrder, "a delivered change without a place up to the delivery's end")
            }
            guard let standing = audiences[audience] else {
                throw ReplicaError(.outOfOrder, "a change of \(audience), which is not granted")
            }
            let isRightful = delivery.lane.map { $0 == audience } ?? (position > standing.held.end)
            guard isRightful else {
                throw ReplicaError(.outOfOrder, "a change of \(audience) at \(position) in another lane")
            }
        }
    }

    /// The changes that are not here yet: a delivery may come again after its answer was lost.
    private func news(
        in delivery: Delivery, _ state: ReplicaState, _ audiences: [AudienceID: Standing]
    ) -> [BatchEntry] {
        let begin = delivery.lane.map { audiences[$0]?.held.have ?? .origin } ?? state.cursor
        return delivery.batch.entries.filter { ($0.placement?.position ?? .origin) > begin }
    }

    /// The roster first: the rest of the delivery is checked with its keys. That the server wrote it is
    /// checked with its chain, in the same transaction or when its lane is done.
    private func noteRoster(_ entries: [Incoming], _ walkable: Set<AudienceID>) throws {
        let roster = RosterTable(db: db)
        for entry in entries where entry.envelope.audience == Roster.audience {
            if walkable.contains(Roster.audience) { try roster.learnServer(entry.envelope.id.replica) }
            if let change = entry.change { try roster.note(change) }
        }
    }

    /// - Throws: `copied` where another copy of this replica has gone on with what both have.
    private func checkCopies(_ entries: [Incoming]) throws {
        let continuations = ContinuationTable(db: db)
        guard try continuations.isContinued(identity.replica) else { return }
        let copied = CopiedReplica(db: db, schema: schema, randomBytes: { _ in [] })
        for replica in Set(entries.map(\.envelope.id.replica)).sorted() {
            let step = try continuations.chain(of: replica).last { $0.continued.replica == identity.replica }
            guard let step, try copied.isNext(step) else { continue }
            throw ReplicaError(
                .copied, "another copy of this replica has gone on as \(step.replica) with what both recorded"
            )
        }
    }

    /// Returns the records to be folded anew.
    private func take(
        _ entry: Incoming, _ standing: Standing, _ own: OwnReplicas, isVisible: Bool, isWalked: Bool
    ) throws -> [RecordAddress] {
        guard let placement = entry.placement else { return [] }
        let id = entry.envelope.id
        if own.includes(id) {
            // The chain of a replica that this one was goes on elsewhere, and is walked like any other.
            let isStaged = !isWalked && id.replica != identity.replica
            return try OwnDelivery(db: db).take(entry, at: placement, isStaged: isStaged)
        }
        let log = LogTable(db: db)
        let isNew = try log.insert(
            LogTable.Entry(
                envelope: entry.envelope, change: entry.change,
                canonicalBytes: entry.change?.canonicalBytes ?? entry.envelope.canonicalBytes,
                state: .accepted, position: placement.position, effective: placement.effective,
                inner: entry.inner, links: isWalked ? nil : entry.links, gap: entry.links),
            in: standing.number)
        guard isNew else {
            let known = try log.row(id)?.position?.description ?? "none"
            throw ReplicaError(
                .evidence, "change \(id) is delivered at \(placement.position), but stands at \(known)")
        }
        guard isVisible, let change = entry.change else { return [] }
        return LogTable.records(of: change).map {
            RecordAddress(audience: entry.envelope.audience, record: $0)
        }
    }

    private func follow(_ batch: Batch, _ entries: [Incoming], _ walkable: Set<AudienceID>) throws {
        let audiences = Set(entries.map(\.envelope.audience)).sorted { left, right in
            // Everyone's first: the server's own chain vouches for the keys of all others.
            (left == Roster.audience ? 0 : 1, left) < (right == Roster.audience ? 0 : 1, right)
        }
        for audience in audiences {
            let steps = entries.filter { $0.envelope.audience == audience }
            let heads = batch.heads.filter { $0.audience == audience }.compactMap { head in
                steps.last { $0.envelope.id.replica == head.replica }.map { last in
                    ChainWalk.Head(
                        replica: head.replica, number: last.envelope.id.number, links: head.links,
                        signature: head.signature)
                }
            }
            if walkable.contains(audience) {
                try ChainWalk(db: db, identity: identity, audience: audience).follow(
                    steps.map {
                        ChainWalk.Step(change: $0.envelope.id, inner: $0.inner, links: $0.links)
                    }, heads: heads)
            } else {
                let staged = StagedHeads(db: db, audience: audience)
                for head in heads { try staged.insert(head) }
            }
        }
    }
}

/// A delivered change with its inner hash, which is asked for more than once.
struct Incoming {
    let envelope: Envelope
    /// nil where only its commitment is here.
    let change: Change?
    let inner: ChangeHash
    let links: [ChangeHash]
    let placement: BatchEntry.Placement?

    init(_ entry: BatchEntry) {
        envelope = entry.envelope
        change = entry.change
        inner = entry.inner(hash: ChangeHash.sha256)
        links = entry.links
        placement = entry.placement
    }
}

/// What applying a delivery brought.
public struct Applied: Hashable, Sendable {
    /// Changes that were not here, or not accepted here, before.
    public let received: Int
    /// Audiences that became whole, and visible.
    public let whole: [AudienceID]
    /// Whether something that was held here before was erased.
    public let hasErased: Bool
}
