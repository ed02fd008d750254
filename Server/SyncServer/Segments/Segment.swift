import ChangeLog
import GRDB
import SyncProtocol

/// A stretch of an audience's closed history as an immutable file, named by its content: the frames that would come
/// in the lane, one after another.
///
/// It is derived: whenever the file is missing or damaged, the same bytes are made of the log again.
struct Segment: Hashable, Sendable {
    /// The number of the audience.
    let audience: Int64
    let after: Position
    let through: Position
    let changes: Int
    /// Bytes.
    let size: Int
    let hash: ChangeHash
    /// Replicas with withheld changes in the audience when it was made, whose salts are given one by one. It is kept,
    /// since which these are changes with later verdicts, and the bytes must not.
    let singly: Set<Int64>

    var told: SegmentList.Segment {
        SegmentList.Segment(through: through, size: UInt64(size), hash: hash)
    }
}

extension ServerLedger {
    private static let segment = """
        SELECT audience, "after", through, changes, size, hash, singly FROM segment

        """

    /// Those that lead a lane on from a position, up to another, in their order.
    func segments(of audience: Int64, from have: Position, to end: Position, limit: Int) throws -> [Segment] {
        try db.all(
            Self.segment + "WHERE audience = ? AND through > ? AND through <= ? ORDER BY through LIMIT ?",
            [audience, have.value.pattern, end.value.pattern, limit]
        ).map(Segment.init)
    }

    func segment(named hash: ChangeHash) throws -> Segment? {
        try db.one(Self.segment + "WHERE hash = ?", [hash.bytes.blob]).map(Segment.init)
    }

    func segmentNames() throws -> Set<String> {
        Set(try db.all("SELECT hash FROM segment", []).map { try $0.hash(0).description })
    }

    /// Up to where an audience stands in segments.
    func lastSegmentEnd(of audience: Int64) throws -> Position {
        let row = try db.one("SELECT max(through) FROM segment WHERE audience = ?", [audience])
        return Position(UInt64(clamping: row?[0] as Int64? ?? 0))
    }

    /// A segment that was made anew with other bytes takes the place of the older one.
    func keep(_ segment: Segment) throws {
        try db.run(
            "INSERT OR REPLACE INTO segment VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                segment.audience, segment.after.value.pattern, segment.through.value.pattern, segment.changes,
                segment.size, segment.hash.bytes.blob,
                segment.singly.sorted().flatMap { UInt64(bitPattern: $0).bigEndianBytes }.blob,
            ])
    }

    /// Those that follow it go too: they begin where it ends.
    func forgetSegments(of audience: Int64, from position: Position) throws {
        try db.run(
            "DELETE FROM segment WHERE audience = ? AND through >= ?",
            [audience, position.value.pattern])
    }

    func name(ofAudience number: Int64) throws -> AudienceID? {
        try db.one("SELECT name FROM audience WHERE id = ?", [number])?.audience(0)
    }

    /// Whether behind a position, up to another, there may be as much of an audience as a segment has.
    func hasMuch(of audience: Int64, behind position: Position, upTo end: Position, _ measure: SegmentMeasure)
        throws -> Bool
    {
        let row = try db.one(
            """
            SELECT count(*), total(size) FROM (
                SELECT length(bytes) AS size FROM change
                WHERE audience = ? AND position > ? AND position <= ? ORDER BY position LIMIT ?)
            """,
            [audience, position.value.pattern, end.value.pattern, measure.changes + 1])
        guard let row else { return false }
        return (row[0] as Int) > measure.changes || (row[1] as Double) >= Double(measure.bytes)
    }
}

extension Segment {
    fileprivate init(_ row: Row) throws {
        let replicas = try row.bytes(6)
        self.init(
            audience: row[0], after: Position(row.word(1)), through: Position(row.word(2)), changes: row[3],
            size: row[4], hash: try row.hash(5),
            singly: Set(
                stride(from: 0, to: replicas.count - replicas.count % 8, by: 8).map { start in
                    Int64(bitPattern: replicas[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) })
                }))
    }
}
