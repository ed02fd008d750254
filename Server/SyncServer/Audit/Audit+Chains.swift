import ChangeLog
import Cryptography
import GRDB
import SyncProtocol

extension Audit {
    /// Each chain from its beginning to its judged end.
    mutating func walkChains() throws {
        var chain: GrowingBatch.Chain?
        var tip = ChainTip.start
        var isWhole = true
        let rows = try Row.fetchCursor(
            ledger.db,
            sql: """
                SELECT replica, audience, number, hash, inner, state, position, CASE state
                WHEN 1 THEN position IS NOT NULL AND effective IS NOT NULL WHEN 3 THEN behind IS NOT NULL
                ELSE code IS NOT NULL AND message IS NOT NULL AND remedy IS NOT NULL END FROM verdict
                ORDER BY replica, audience, number
                """)
        while let row = try rows.next() {
            let next = GrowingBatch.Chain(replica: row[0], audience: row[1])
            if next != chain {
                if let chain { try checkTip(tip, of: chain) }
                (chain, tip, isWhole) = (next, .start, true)
            }
            let place = try self.place(of: next.replica, row.word(2))
            guard let state = VerdictState(rawValue: row[5]) else {
                find(place, .stateUnknown)
                continue
            }
            if row[7] as Bool == false { find(place, .verdictIncomplete) }
            if state == .accepted { try checkAccepted(row, at: place) }
            // What waits may stand behind something that has not come.
            guard state != .waiting else {
                isWhole = false
                continue
            }
            if !isWhole { find(place, .judgedEarly) }
            let hash = try row.hash(3)
            if Chain.link(previous: tip.hash, inner: try row.hash(4), hash: sha256) != hash {
                find(place, .chainBroken)
            }
            tip = ChainTip(number: row.word(2), hash: hash, effective: HybridTime(0))
        }
        if let chain { try checkTip(tip, of: chain) }
    }

    private mutating func checkAccepted(_ row: Row, at place: String) throws {
        let change = try ledger.db.one(
            "SELECT replica, number FROM change WHERE position = ?", [row[6] as Int64?])
        if change?[0] as Int64? != row[0] || change?[1] as Int64? != row[2] {
            find(place, .orderMissing)
        }
    }

    private mutating func checkTip(_ tip: ChainTip, of chain: GrowingBatch.Chain) throws {
        let stored = try ledger.tip(of: chain.replica, in: chain.audience) ?? .start
        if stored.number != tip.number || stored.hash != tip.hash {
            find(
                "chain \(chain.replica) in audience \(chain.audience)",
                .chainEnd, "\(stored.number), \(tip.number)")
        }
        if stored.effective != times[chain]?.effective ?? HybridTime(0) {
            find("chain \(chain.replica) in audience \(chain.audience)", .timeOther)
        }
    }

    /// Each signature is the device's, and each accepted change stands before one.
    mutating func walkSignatures() throws {
        var keys: [Int64: PublicKey] = [:]
        for row in try ledger.db.all("SELECT id, device FROM replica", []) {
            let device = try row.record(1)
            guard
                case .bytes(let bytes) = try ledger.origin(of: device, in: Roster.audience)?.key?.values.first
            else {
                find("replica \(row[0] as Int64)", .keyMissing)
                continue
            }
            do {
                keys[row[0]] = try PublicKey(subjectPublicKeyInfo: bytes)
            } catch {
                find("replica \(row[0] as Int64)", .keyUnreadable, "\(error)")
            }
        }
        let rows = try Row.fetchCursor(
            ledger.db,
            sql: """
                SELECT s.replica, s.number, s.signature, v.hash, v.audience = s.audience FROM signature s
                LEFT JOIN verdict v ON v.replica = s.replica AND v.number = s.number
                """)
        while let row = try rows.next() {
            let place = "signature " + (try self.place(of: row[0], row.word(1)))
            guard row[4] as Bool? == true, let key = keys[row[0]] else {
                find(place, .signedMissing)
                continue
            }
            let kept = KeptSignature(bytes: try row.bytes(2))
            if !key.verify(kept.signature, over: SignedHead.message(kept.signed(after: try row.hash(3)))) {
                find(place, .signatureOther)
            }
        }
        try checkCover()
    }

    private mutating func checkCover() throws {
        let bare = try ledger.db.all(
            """
            SELECT v.replica, max(v.number) FROM verdict v WHERE v.state = 1
            GROUP BY v.replica, v.audience HAVING max(v.number) > coalesce((
                SELECT max(s.number) FROM signature s
                WHERE s.replica = v.replica AND s.audience = v.audience), 0)
            """, [])
        for row in bare {
            find(try place(of: row[0], row.word(1)), .unsigned)
        }
    }

    /// What waits or is held still has its contents, as they came.
    mutating func walkPending() throws {
        let rows = try Row.fetchCursor(
            ledger.db,
            sql: """
                SELECT v.replica, v.number, v.inner, v.hash, p.previous, p.envelope, p.bytes, p.member, p.members,
                p.audience = v.audience AND v.position IS NULL, v.audience, v.state, v.behind
                FROM verdict v LEFT JOIN pending p ON p.replica = v.replica AND p.number = v.number
                WHERE v.state IN (2, 3) ORDER BY v.replica, v.number
                """)
        var queue = WaitingQueue()
        while let row = try rows.next() {
            let place = try place(of: row[0], row.word(1))
            guard !row.hasNull(atIndex: 5) else {
                find(place, .contentsMissing)
                continue
            }
            let inner = try row.hash(2)
            let link = Chain.link(previous: try row.hash(4), inner: inner, hash: sha256)
            if try link != row.hash(3) { find(place, .chainBroken) }
            if !isReceived(row, inner) { find(place, .bytesAltered) }
            let replica: Int64 = row[0]
            if queue.replica != replica {
                queue = WaitingQueue(of: replica, behind: try heldBack(before: replica))
            }
            if try !queue.admits(row) && !goesOn(row) { find(place, .behindOther) }
        }
    }

    /// Whether what a change is said to wait for is decided: the walk that found out was cut short, and goes on.
    private func goesOn(_ row: Row) throws -> Bool {
        guard !row.hasNull(atIndex: 12) else { return false }
        let state = try ledger.db.one(
            "SELECT state, audience FROM verdict WHERE replica = ? AND number = ?",
            [row[0] as Int64, row[12] as Int64])
        let (replica, audience) = (row[0] as Int64, row[10] as Int64)
        guard let state, (state[1] as Int64) == audience,
            [.accepted, .refused].contains(VerdictState(rawValue: state[0])),
            let first = try ledger.pending(of: replica, in: audience, after: 0, limit: 1).first
        else { return false }
        return try first.previous == (ledger.tip(of: replica, in: audience) ?? .start).hash
    }

    /// What waits of one replica after another, in the order of the numbers.
    private struct WaitingQueue {
        private(set) var replica: Int64?
        /// By audience, the first that is held or waits.
        private var first: [Int64: UInt64] = [:]

        init() {}

        init(of replica: Int64, behind first: [Int64: UInt64]) {
            self.replica = replica
            self.first = first
        }

        /// Whether the next change is said to wait for what it does wait for: the first before it in its
        /// audience, or in that of another member of its group; 0 where none has come.
        mutating func admits(_ row: Row) -> Bool {
            let (number, audience) = (row.word(1), row[10] as Int64)
            defer { if first[audience] == nil { first[audience] = number } }
            guard VerdictState(rawValue: row[11]) == .waiting else { return true }
            guard !row.hasNull(atIndex: 12) else { return false }
            let behind = row.word(12)
            // Its own group is no obstacle.
            let start = number &- UInt64(clamping: row[7] as Int64? ?? 0)
            if let own = first[audience], own < start { return own == behind }
            let isGroup = (row[8] as Int64? ?? 0) > 0
            return behind == 0 || isGroup && behind < start && first.values.contains(behind)
        }
    }

    /// By audience, what is held or waits first of the replicas that one continues: it waits behind that too.
    private func heldBack(before replica: Int64) throws -> [Int64: UInt64] {
        guard let row = try ledger.replicaRow(number: replica) else { return [:] }
        var first: [Int64: UInt64] = [:]
        for (ancestor, through) in try ledger.ancestors(of: row) {
            for change in try ledger.pending(of: ancestor.number) where change.number <= through {
                first[change.audience] = min(first[change.audience] ?? change.number, change.number)
            }
        }
        return first
    }

    /// Whether the columns and the bytes of a change without a position are those that came.
    private func isReceived(_ row: Row, _ inner: ChangeHash) -> Bool {
        guard let bytes = row.optionalBytes(5), let envelope = try? Envelope(canonicalBytes: bytes),
            envelope.id.number == row.word(1), row[9] as Bool? == true,
            row[7] as Int? == Int(envelope.group?.index ?? 0),
            row[8] as Int? == Int(envelope.group?.count ?? 0)
        else { return false }
        // What could not be read when it came is refused once it is judged.
        guard let contents = row.optionalBytes(6), let change = try? Change(canonicalBytes: contents)
        else { return true }
        let commitment = Chain.commitment(of: change, hash: sha256)
        return change.envelope == envelope
            && Chain.inner(envelope, commitment: commitment, hash: sha256) == inner
    }

    /// Each audience begins where its first change stands: before that it is shown to nobody.
    mutating func walkAudiences() throws {
        let rows = try ledger.db.all(
            """
            SELECT name FROM audience a WHERE first IS NOT (SELECT min(position) FROM change c WHERE c.audience = a.id)
            """, [])
        for row in rows { find("audience \(row[0] as String)", .beginsElsewhere) }
    }

    func place(of replica: Int64, _ number: UInt64) throws -> String {
        let row = try ledger.db.one("SELECT bits FROM replica WHERE id = ?", [replica])
        guard let id = try row?.id(0) else { return "verdict \(replica):\(number)" }
        return "verdict \(ChangeID(replica: ReplicaID(id), number: number))"
    }
}
