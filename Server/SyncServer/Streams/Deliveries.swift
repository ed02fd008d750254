import ChangeLog
import GRDB
import SyncProtocol

/// Puts accepted changes together for a reader, with all that he needs to check them without the
/// server's word: links, signatures, salts.
struct Deliveries {
    let ledger: ServerLedger
    /// Changes in one of them; a group that has begun comes whole all the same.
    let limit: Int
    private let withheld: WithheldChains

    init(ledger: ServerLedger, limit: Int, withheld: WithheldChains? = nil) {
        self.ledger = ledger
        self.limit = limit
        self.withheld = withheld ?? WithheldChains(ledger)
    }

    /// The next changes of the main stream, up to `head` at most.
    func main(_ plan: PullPlan, head: Position) throws -> Delivery {
        let numbers = try plan.thresholds.keys.compactMap { try ledger.audienceNumber($0) }.sorted()
        let list = numbers.map(String.init).joined(separator: ",")
        // The plus keeps SQLite on the order of positions.
        let rows = try Row.fetchCursor(
            ledger.db,
            sql: Self.columns + "WHERE c.position > ? AND c.position <= ? "
                + "AND +c.audience IN (\(list)) ORDER BY c.position",
            arguments: [plan.cursor.value.pattern, head.value.pattern])
        return try delivery(of: rows, lane: nil, through: head) {
            plan.carries($0.envelope.audience, at: $1)
        }
    }

    /// The next changes of a lane.
    func lane(_ lane: PullPlan.Lane) throws -> Delivery {
        let number = try ledger.audienceNumber(lane.audience) ?? 0
        let rows = try Row.fetchCursor(
            ledger.db.cachedStatement(
                sql: Self.columns + """
                    WHERE c.audience = ? AND c.position > ? AND c.position <= ? ORDER BY c.position
                    """),
            arguments: [number, lane.have.value.pattern, Int64(clamping: lane.end.value)])
        return try delivery(of: rows, lane: lane.audience, through: lane.end) { _, _ in true }
    }

    private static let columns = """
        SELECT c.position, c.effective, c.bytes, c.replica, c.audience, c.number FROM change c

        """

    private func delivery(
        of rows: RowCursor, lane: AudienceID?, through end: Position,
        where isWanted: (Change, Position) -> Bool
    ) throws -> Delivery {
        var batch = GrowingBatch(ledger: ledger, limit: limit, withheld: withheld)
        while let row = try rows.next() {
            let position = Position(row.word(0))
            let bytes = try row.bytes(2)
            let change = try Change(canonicalBytes: bytes)
            guard isWanted(change, position) else { continue }
            let chain = GrowingBatch.Chain(replica: row[3], audience: row[4])
            let links = try batch.links(of: chain, before: change.id.number)
            let size = bytes.count + links.count * 32
            guard try batch.hasRoom(bytes: size, of: chain, at: position) else {
                return Delivery(lane: lane, through: batch.through, batch: try batch.finish())
            }
            let placement = BatchEntry.Placement(
                position: position, effective: HybridTime(row.word(1)))
            try batch.append(change, placement, links: links, bytes: size, of: chain)
        }
        return Delivery(lane: lane, through: end, batch: try batch.finish())
    }
}
