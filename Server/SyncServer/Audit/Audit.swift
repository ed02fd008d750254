import ChangeLog
import Cryptography
import GRDB
import SyncProtocol

/// A walk over everything that the server keeps, which trusts nothing that can be computed again.
///
/// It finds a row that was edited, dropped, added or moved by any other hand. That the newest changes were
/// dropped with all that mentions them it finds by a head that somebody else has seen: at the clients, and
/// where one of their receipts is given to it.
struct Audit {
    /// Beyond this many findings the walk says no more.
    static let findingLimit = 1000

    let ledger: ServerLedger
    /// What signs the heads of the tree.
    let serverKey: PublicKey
    /// Heads that others have seen.
    let witnesses: [WitnessedHead]
    private(set) var findings: [VerificationReport.Finding] = []
    /// The last accepted change of each chain.
    /// Which epochs this one goes on from.
    private(set) var lineage: EpochLineage
    private(set) var times: [GrowingBatch.Chain: (number: UInt64, effective: HybridTime)] = [:]

    init(ledger: ServerLedger, serverKey: PublicKey, witnesses: [WitnessedHead] = []) {
        self.ledger = ledger
        self.serverKey = serverKey
        self.witnesses = witnesses
        lineage = EpochLineage(ledger.epoch)
    }

    mutating func run() throws -> VerificationReport {
        try walkEpochs()
        let changes = try walkOrder()
        try walkChains()
        try walkSignatures()
        try walkPending()
        try walkAudiences()
        try walkTree()
        return VerificationReport(head: try ledger.head(), changes: changes, findings: findings)
    }

    mutating func find(_ place: String, _ fault: AuditFault, _ subject: String = "") {
        guard findings.count < Self.findingLimit else { return }
        findings.append(VerificationReport.Finding(place: place, fault: fault, subject: subject))
    }

    /// How this epoch and those before it began: signed, and each from the one before.
    private mutating func walkEpochs() throws {
        let epochs = try ServerLedger.epochs(ledger.db)
        for epoch in epochs where !serverKey.verify(epoch.signature, over: epoch.record.message) {
            find("epoch \(epoch.record.epoch)", .headUnsigned)
        }
        lineage = EpochLineage(ledger.epoch, epochs.map(\.record))
    }

    /// The changes in the order of their positions, and the facts that follow from them.
    private mutating func walkOrder() throws -> Int {
        var (facts, erasures) = (RecomputedFacts(), RecomputedErasures())
        let own = Set(try ledger.replicas(of: Engine.device(of: serverKey)).map(\.id))
        var last: UInt64 = 0
        var count = 0
        let rows = try Row.fetchCursor(ledger.db, sql: Self.order)
        while let row = try rows.next() {
            let position = row.word(0)
            let place = "change \(row[0] as Int64)"
            if (row[0] as Int64) > 0 {
                if position != last + 1 { find(place, .positionsMissing, "\(last + 1)–\(position - 1)") }
                last = position
            } else {
                find(place, .positionUnknown)
            }
            count += 1
            let change: Change
            do {
                change = try Change(canonicalBytes: row.bytes(7))
            } catch {
                find(place, .changeUnreadable, "\(error)")
                continue
            }
            let stored = StoredChange(
                change: change, chain: GrowingBatch.Chain(replica: row[1], audience: row[2]),
                position: Position(position))
            try check(stored, row, at: place)
            erasures.note(change, isServers: own.contains(change.id.replica))
            checkTime(stored, row, at: place)
            try facts.add(stored)
        }
        for finding in try facts.differences(from: ledger) + erasures.differences(from: ledger) {
            find(finding.place, finding.fault, finding.subject)
        }
        return count
    }

    private static let order = """
        SELECT c.position, c.replica, c.audience, c.number, c.received, c.effective, c.hash, c.bytes,
        r.bits, a.name, v.state, v.position, v.effective, v.hash, v.inner, v.audience, v.received
        FROM change c LEFT JOIN replica r ON r.id = c.replica LEFT JOIN audience a ON a.id = c.audience
        LEFT JOIN verdict v ON v.replica = c.replica AND v.number = c.number ORDER BY c.position
        """

    /// The columns beside a change, and its verdict, say what it says itself.
    private mutating func check(_ stored: StoredChange, _ row: Row, at place: String) throws {
        let envelope = stored.change.envelope
        if row.word(3) != envelope.id.number || row.optionalBytes(8) != envelope.id.replica.bytes
            || row[9] as String? != envelope.audience.name
        {
            find(place, .columnsOther)
        }
        // One of a lost part of the order means no more than what was inherited of it.
        if (lineage.translated(envelope.base) ?? envelope.base).position >= stored.position {
            find(place, .baseFuture, "\(envelope.base.position)")
        }
        guard row[10] as Int64? == VerdictState.accepted.rawValue, row[11] as Int64? == row[0] else {
            return find(place, .verdictMissing)
        }
        if row[12] as Int64? != row[5] || row[16] as Int64? != row[4] {
            find(place, .verdictTime)
        }
        if row.optionalBytes(13) != row.optionalBytes(6) || row[15] as Int64? != row[2] {
            find(place, .verdictOther)
        }
        let commitment = Chain.commitment(of: stored.change, hash: sha256)
        let inner = Chain.inner(envelope, commitment: commitment, hash: sha256)
        if row.optionalBytes(14) != inner.bytes {
            find(place, .bytesAltered)
        }
    }

    /// Numbers rise in each chain, and the effective time follows its rule.
    private mutating func checkTime(
        _ stored: StoredChange, _ row: Row, at place: String
    ) {
        let envelope = stored.change.envelope
        let last = times[stored.chain] ?? (0, HybridTime(0))
        if envelope.id.number <= last.number { find(place, .orderBroken) }
        let receipt = HybridTime(milliseconds: row[4])
        let effective = max(min(envelope.time, receipt), last.effective)
        if row.word(5) != effective.value { find(place, .timeOther) }
        times[stored.chain] = (envelope.id.number, HybridTime(row.word(5)))
    }
}

/// A change of the log with its place.
struct StoredChange {
    let change: Change
    let chain: GrowingBatch.Chain
    let position: Position
}
