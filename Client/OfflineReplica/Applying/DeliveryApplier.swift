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
        if try isOvertaken(delivery, state) { return Applied(received: 0, whole: []) }
        try checkOrder(delivery, state)
        let entries = try news(in: delivery)
        let walkable = try walkable(delivery)
        try noteRoster(entries, walkable)
        var touched: Set<RecordAddress> = []
        for entry in entries {
            let isWalked = walkable.contains(entry.envelope.audience)
            touched.formUnion(try take(entry, isWalked: isWalked, delivery))
        }
        try follow(delivery.batch, entries, walkable)
        var whole: [AudienceID] = []
        if let lane = delivery.lane {
            try AudienceTable(db: db).advance(lane, to: delivery.through)
            if try AudienceTable(db: db).held(lane)?.end == delivery.through {
                touched.formUnion(try AudienceCompletion(db: db, identity: identity).complete(lane, state))
                whole.append(lane)
            }
        } else {
            state.cursor = delivery.through
        }
        try ReadModel(db: db, schema: schema).refresh(touched)
        state.version += 1
        try state.save(db)
        return Applied(received: entries.count, whole: whole)
    }

    /// Whether another process of this replica has received all of it already, and more.
    private func isOvertaken(_ delivery: Delivery, _ state: ReplicaState) throws -> Bool {
        guard let lane = delivery.lane else { return delivery.through < state.cursor }
        let audiences = AudienceTable(db: db)
        guard let held = try audiences.held(lane), delivery.through <= held.end else { return false }
        return try delivery.through < held.have || audiences.wholeAt(lane) != nil
    }

    private func checkOrder(_ delivery: Delivery, _ state: ReplicaState) throws {
        let audiences = AudienceTable(db: db)
        var begin = state.cursor
        if let lane = delivery.lane {
            guard let held = try audiences.held(lane), try audiences.wholeAt(lane) == nil else {
                throw ReplicaError(.outOfOrder, "a lane of \(lane), which is not being granted")
            }
            guard delivery.through <= held.end else {
                throw ReplicaError(.outOfOrder, "the lane of \(lane) goes beyond its end")
            }
            begin = held.have
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
            guard let held = try audiences.held(audience) else {
                throw ReplicaError(.outOfOrder, "a change of \(audience), which is not granted")
            }
            let isRightful = delivery.lane.map { $0 == audience } ?? (position > held.end)
            guard isRightful else {
                throw ReplicaError(.outOfOrder, "a change of \(audience) at \(position) in another lane")
            }
        }
    }

    /// The changes that are not here yet: a delivery may come again after its answer was lost.
    private func news(in delivery: Delivery) throws -> [BatchEntry] {
        let begin =
            if let lane = delivery.lane {
                try AudienceTable(db: db).held(lane)?.have ?? .origin
            } else {
                try ReplicaState.load(db).cursor
            }
        return delivery.batch.entries.filter { ($0.placement?.position ?? .origin) > begin }
    }

    /// The audiences whose chains can be followed now: those of a lane, and whole ones.
    private func walkable(_ delivery: Delivery) throws -> Set<AudienceID> {
        if let lane = delivery.lane { return [lane] }
        let audiences = Set(delivery.batch.entries.map(\.envelope.audience))
        return try audiences.filter { try AudienceTable(db: db).wholeAt($0) != nil }
    }

    /// The roster first: the rest of the delivery is checked with its keys. That the server wrote it is
    /// checked with its chain, in the same transaction or when its lane is done.
    private func noteRoster(_ entries: [BatchEntry], _ walkable: Set<AudienceID>) throws {
        let roster = RosterTable(db: db)
        for entry in entries where entry.envelope.audience == Roster.audience {
            if walkable.contains(Roster.audience) { try roster.learnServer(entry.envelope.id.replica) }
            if let change = entry.change { try roster.note(change) }
        }
    }

    /// Returns the records to be folded anew.
    private func take(
        _ entry: BatchEntry, isWalked: Bool, _ delivery: Delivery
    ) throws -> [RecordAddress] {
        guard let placement = entry.placement else { return [] }
        let audience = entry.envelope.audience
        let isVisible = try delivery.lane == nil && AudienceTable(db: db).wholeAt(audience) != nil
        if entry.envelope.id.replica == identity.replica {
            return try OwnDelivery(db: db).take(entry, at: placement)
        }
        let log = LogTable(db: db)
        if let known = try log.row(entry.envelope.id) {
            throw ReplicaError(
                .evidence,
                "change \(known.changeID) is delivered at \(placement.position), but stands at "
                    + "\(known.position?.description ?? "none")")
        }
        try log.insert(
            LogTable.Entry(
                envelope: entry.envelope, change: entry.change, state: .accepted,
                position: placement.position, effective: placement.effective, isStaged: !isVisible,
                inner: entry.inner(hash: ChangeHash.sha256), links: isWalked ? nil : entry.links))
        guard isVisible, let change = entry.change else { return [] }
        return LogTable.records(of: change).map { RecordAddress(audience: audience, record: $0) }
    }

    private func follow(_ batch: Batch, _ entries: [BatchEntry], _ walkable: Set<AudienceID>) throws {
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
                        ChainWalk.Step(
                            change: $0.envelope.id, inner: $0.inner(hash: ChangeHash.sha256), links: $0.links)
                    }, heads: heads)
            } else {
                let staged = StagedHeads(db: db, audience: audience)
                for head in heads { try staged.insert(head) }
            }
        }
    }
}

/// What applying a delivery brought.
public struct Applied: Hashable, Sendable {
    /// Changes that were not here, or not accepted here, before.
    public let received: Int
    /// Audiences that became whole, and visible.
    public let whole: [AudienceID]
}
