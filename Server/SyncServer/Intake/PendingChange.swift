import ChangeLog
import GRDB
import SyncProtocol
import TransparencyLog

/// The number that a verdict's state has in the tables.
enum VerdictState: Int64 {
    case accepted = 1
    case held = 2
    case waiting = 3
    case refused = 4

    /// The same in the tree of receipts.
    var logged: LoggedVerdict {
        switch self {
        case .accepted: .accepted
        case .held: .held
        case .waiting: .waiting
        case .refused: .refused
        }
    }
}

/// A change without a position, as far as its order needs it.
struct PendingChange: Hashable {
    let replica: Int64
    let number: UInt64
    let audience: Int64
    let previous: ChangeHash
    let hash: ChangeHash
    /// Its place in its group; 0 without one.
    let member: Int
    /// The size of its group; 0 without one.
    let members: Int
    let state: VerdictState
    let behind: UInt64?
    let received: Int64
    /// What is known of it as long as it is written down nowhere.
    let arrival: Arrival?

    static let columns = """
        p.replica, p.number, p.audience, p.previous, v.hash, p.member, p.members, v.state, v.behind,
        v.received
        """

    init(_ row: Row) throws {
        guard let state = VerdictState(rawValue: row[7]) else { throw row.damaged(7, "is no state") }
        replica = row[0]
        number = row.word(1)
        audience = row[2]
        previous = try row.hash(3)
        hash = try row.hash(4)
        member = row[5]
        members = row[6]
        self.state = state
        behind = row.hasNull(atIndex: 8) ? nil : row.word(8)
        received = row[9]
        arrival = nil
        guard (1...UInt64(Int64.max)).contains(number), (0...Limits.groupChanges).contains(members),
            (0..<max(members, 1)).contains(member), UInt64(member) < number
        else { throw row.damaged(5, "is no place in a group") }
    }

    init(_ arrival: Arrival, of replica: Int64, received: Int64) {
        let envelope = arrival.entry.envelope
        self.replica = replica
        number = envelope.id.number
        audience = arrival.audience
        previous = arrival.previous
        hash = arrival.hash
        member = Int(envelope.group?.index ?? 0)
        members = Int(envelope.group?.count ?? 0)
        state = .waiting
        behind = nil
        self.received = received
        self.arrival = arrival
    }
}

/// A verdict as the columns of its table.
struct VerdictRow {
    var state = VerdictState.waiting
    var position: Int64?
    var effective: Int64?
    var behind: Int64?
    var reason: Reason?

    init(_ verdict: Verdict) {
        switch verdict {
        case .accepted(let place, let time):
            (state, position, effective) = (.accepted, place.value.pattern, time.value.pattern)
        case .held(let why): (state, reason) = (.held, why)
        case .waiting(let number): behind = number.pattern
        case .refused(let why): (state, reason) = (.refused, why)
        }
    }
}

extension ServerLedger {
    /// What waits or is held of a replica, in the order of its numbers.
    func pending(of replica: Int64) throws -> [PendingChange] {
        try db.all(
            // CROSS, since SQLite would rather walk through all verdicts of the replica.
            """
            SELECT \(PendingChange.columns) FROM pending p CROSS JOIN verdict v
            ON v.replica = p.replica AND v.number = p.number
            WHERE p.replica = ? AND v.state IN (2, 3) ORDER BY p.number
            """, [replica]
        ).map(PendingChange.init)
    }

    /// The contents of a change without a position; nil of a stub.
    func contents(of pending: PendingChange) throws -> [UInt8]? {
        if let arrival = pending.arrival { return arrival.bytes }
        return try stored(pending).optionalBytes(1)
    }

    /// The envelope of a change that was written down without a position.
    func envelope(of pending: PendingChange) throws -> Envelope {
        try Envelope(canonicalBytes: stored(pending).bytes(0))
    }

    private func stored(_ pending: PendingChange) throws -> Row {
        let row = try db.one(
            "SELECT envelope, bytes FROM pending WHERE replica = ? AND number = ?",
            [pending.replica, pending.number.pattern])
        guard let row else {
            throw ServerError(
                .damaged, "The contents of a waiting change are missing", remedy: "Restore from a backup")
        }
        return row
    }

    /// The newest judged change of a chain.
    func tip(of replica: Int64, in audience: Int64) throws -> ChainTip? {
        let row = try db.one(
            "SELECT number, hash, effective FROM chain WHERE replica = ? AND audience = ?",
            [replica, audience])
        return try row.map {
            ChainTip(number: $0.word(0), hash: try $0.hash(1), effective: HybridTime($0.word(2)))
        }
    }

    func setTip(_ tip: ChainTip, of replica: Int64, in audience: Int64) throws {
        try db.run(
            """
            INSERT INTO chain VALUES (?, ?, ?, ?, ?) ON CONFLICT (replica, audience) DO UPDATE SET
            number = excluded.number, hash = excluded.hash, effective = excluded.effective
            """,
            [
                replica, audience, tip.number.pattern, tip.hash.bytes.blob, tip.effective.value.pattern,
            ])
    }

    /// The current verdict of a change; nil when it was never received.
    func verdict(of replica: Int64, _ number: UInt64) throws -> Verdict? {
        let row = try db.one(
            """
            SELECT state, position, effective, behind, code, message, remedy FROM verdict
            WHERE replica = ? AND number = ?
            """, [replica, number.pattern])
        guard let row else { return nil }
        switch VerdictState(rawValue: row[0]) {
        case .accepted:
            let (position, effective) = (try row.filledWord(1), try row.filledWord(2))
            return .accepted(Position(position), effective: HybridTime(effective))
        case .held: return .held(try row.reason(4))
        case .waiting: return .waiting(behind: try row.filledWord(3))
        case .refused: return .refused(try row.reason(4))
        case nil: throw row.damaged(0, "is no state")
        }
    }

    /// Replaces the verdict of a change that was received.
    ///
    /// - Parameter leaf: index of the leaf that says so; nil where the one that is there says it already.
    func setVerdict(
        _ verdict: Verdict, of replica: Int64, _ number: UInt64, leaf: UInt64?
    ) throws {
        let row = VerdictRow(verdict)
        if leaf != nil {
            try db.run(
                """
                INSERT INTO formerleaf SELECT leaf, replica, number, state FROM verdict
                WHERE replica = ? AND number = ?
                """, [replica, number.pattern])
        }
        try db.run(
            """
            UPDATE verdict SET state = ?, position = ?, effective = ?, behind = ?, code = ?, message = ?,
            remedy = ?, leaf = coalesce(?, leaf) WHERE replica = ? AND number = ?
            """,
            [
                row.state.rawValue, row.position, row.effective, row.behind, row.reason?.code,
                row.reason?.message, row.reason?.remedy, leaf?.pattern, replica, number.pattern,
            ])
    }
}

/// The end of the judged part of a chain.
struct ChainTip: Hashable {
    let number: UInt64
    let hash: ChangeHash
    /// The effective time of the last accepted change; zero before the first.
    let effective: HybridTime

    static let start = ChainTip(number: 0, hash: .zero, effective: HybridTime(0))
}
