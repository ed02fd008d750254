import ChangeLog
import GRDB
import SyncProtocol

/// What the server has accepted it delivers at its place: that is all that shows, where no signed head covered its word
/// yet, that it has forgotten a change, as one does whose files were put back.
struct Promises {
    let db: Database

    /// The last position that it gave to an own change and has not delivered; nil where all of them have come.
    func last() throws -> Position? {
        try Row.fetchOne(
            db,
            sql: """
                SELECT position FROM change WHERE position > ? AND \(OwnReplicas.condition)
                ORDER BY position DESC LIMIT 1
                """, arguments: [try StoredNumber.of(try ReplicaState.load(db).cursor)])?.position("position")
    }

    /// - Parameter begin: what was delivered before.
    /// - Throws: `ReplicaError.evidence` where an own change that stands there is missing from a delivery, or another one
    ///   is in its place.
    func check(_ delivery: Delivery, from begin: Position) throws {
        let rows = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT replica, number, position, audience.name AS audience FROM change
                    JOIN audience ON audience.id = change.audience
                    WHERE position > ? AND position <= ? AND \(OwnReplicas.condition)
                    """),
            arguments: [try StoredNumber.of(begin), try StoredNumber.of(delivery.through)])
        guard !rows.isEmpty else { return }
        var delivered: [Position: ChangeID] = [:]
        for entry in delivery.batch.entries {
            if let position = entry.placement?.position { delivered[position] = entry.envelope.id }
        }
        for row in rows {
            let id = ChangeID(replica: try row.replica("replica"), number: row.number("number"))
            let (position, audience) = (row.position("position"), try row.audience("audience"))
            let found = delivered[position]
            guard found != id, try found != nil || isDue(audience, at: position, in: delivery) else {
                continue
            }
            throw ReplicaError(
                .evidence,
                "change \(id) was accepted at \(position), and the server does not deliver it there; "
                    + Self.way(before: position))
        }
    }

    /// How the administrator goes on where the server was put back to before a position.
    static func way(before position: Position) -> String {
        "where it was put back its administrator goes on with voordracht-server fork --position "
            + "\(position.value - 1)"
    }

    /// Whether a delivery holds all that an audience has at a position.
    private func isDue(_ audience: AudienceID, at position: Position, in delivery: Delivery) throws -> Bool {
        if let lane = delivery.lane { return lane == audience }
        return try AudienceTable(db: db).held(audience).map { position > $0.end } ?? false
    }
}

extension Replica {
    /// - Parameter told: the last position that the server had given to an own change before it was asked.
    /// - Throws: `ReplicaError.evidence` where its order ends before that.
    static func check(_ told: Position?, against current: Position) throws {
        guard let told, told > current else { return }
        throw ReplicaError(
            .evidence,
            "the server had accepted a change at \(told), and its order ends at \(current); "
                + Promises.way(before: told))
    }
}
