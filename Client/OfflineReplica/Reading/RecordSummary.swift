public import ChangeLog
import GRDB
public import Merging

/// A record as a list shows it.
public struct RecordSummary: Hashable, Sendable {
    public let record: RecordID
    public let audience: AudienceID
    public let kind: RecordKind
    /// What contains it.
    public let parent: RecordID?
    /// The value of its kind's title field; empty without one.
    public let title: String
    public let presence: MergedRecord.Presence
    /// Whether something of it is not accepted yet.
    public let isPending: Bool
    /// How many conflicts of it are to be settled.
    public let conflicts: Int

    init?(_ row: Row) throws {
        let kind: String? = row["kind"]
        guard let kind else { return nil }
        guard let kind = RecordKind(kind) else { throw Row.damaged("kind") }
        guard let presence = MergedRecord.Presence(stored: row["presence"]) else {
            throw Row.damaged("presence")
        }
        self.kind = kind
        self.presence = presence
        record = try row.record("record")
        audience = try row.audience("audience")
        parent = try row.optionalRecord("parent")
        title = row["title"]
        isPending = row["isPending"]
        conflicts = row["conflicts"]
    }
}

extension ReplicaReader {
    /// The records that are to be seen, by id. A removed one is left out; a disputed one is not.
    ///
    /// - Parameters:
    ///   - after: begin behind this id, for the next page.
    ///   - limit: at most this many; nil for all.
    public func summaries(
        of kind: RecordKind? = nil, in audience: AudienceID? = nil, parent: RecordID? = nil,
        after: RecordID? = nil, limit: Int? = nil
    ) throws -> [RecordSummary] {
        var conditions: [String] = []
        var arguments: StatementArguments = []
        if let kind {
            conditions.append("kind = ?")
            arguments += [kind.name]
        }
        if let audience {
            conditions.append(Self.isInAudience)
            arguments += [audience.name]
        }
        if let parent {
            conditions.append("parent = ?")
            arguments += [parent.data]
        }
        if let after {
            conditions.append("record > ?")
            arguments += [after.data]
        }
        arguments += [limit ?? -1]
        return try summaries(
            where: (conditions + ["presence <> 1"]).joined(separator: " AND "), arguments,
            rest: "ORDER BY record, audience LIMIT ?")
    }

    /// nil when nothing in view creates it.
    public func summary(of record: RecordID, in audience: AudienceID) throws -> RecordSummary? {
        try summaries(where: "record = ? AND " + Self.isInAudience, [record.data, audience.name]).first
    }

    /// The records whose ids begin with these hexadecimal digits, at least 6; removed ones too.
    public func resolve(prefix: String) throws -> [RecordSummary] {
        let digits = Array(prefix.lowercased().utf8)
        guard (6...32).contains(digits.count) else { return [] }
        let text = String(decoding: digits, as: UTF8.self)
        let low = text.padding("0")
        let high = text.padding("f")
        guard let low = RecordID(hex: low), let high = RecordID(hex: high) else { return [] }
        return try summaries(where: "record BETWEEN ? AND ?", [low.data, high.data])
    }

    /// The records with this title, but for case and diacritics; where there are none, those whose
    /// title begins with it.
    public func titled(_ words: String) throws -> [RecordSummary] {
        let folded = TitleFolding.fold(words)
        guard !folded.isEmpty else { return [] }
        let exact = try summaries(where: "folded = ? AND presence <> 1", [folded])
        guard exact.isEmpty else { return exact }
        return try summaries(
            where: "substr(folded, 1, ?) = ? AND presence <> 1", [folded.unicodeScalars.count, folded])
    }

    /// The records that show all of these words, or words that begin with them, best first.
    public func search(_ words: String, limit: Int = 50) throws -> [RecordSummary] {
        let terms = words.split(whereSeparator: \.isWhitespace).map { word in
            "\"" + word.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                + "\"*"
        }
        guard !terms.isEmpty else { return [] }
        let rows = try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT \(Self.columns) FROM search JOIN record ON record.id = search.rowid
                    JOIN audience ON audience.id = record.audience
                    WHERE search MATCH ? ORDER BY rank, record.record LIMIT ?
                    """), arguments: [terms.joined(separator: " "), limit])
        return try rows.compactMap { try RecordSummary($0) }
    }

    /// What a summary is made of, from the tables of records and audiences.
    private static let columns = """
        record.record, audience.name AS audience, kind, parent, record.title, presence, isPending, conflicts
        """
    private static let isInAudience = "record.audience = " + AudienceTable.named

    func summaries(
        where condition: String, _ arguments: StatementArguments, rest: String = "ORDER BY record, audience"
    ) throws -> [RecordSummary] {
        let rows = try Row.fetchAll(
            try db.cachedStatement(
                sql: """
                    SELECT \(Self.columns) FROM record JOIN audience ON audience.id = record.audience
                    WHERE kind IS NOT NULL AND \(condition) \(rest)
                    """),
            arguments: arguments)
        return try rows.compactMap { try RecordSummary($0) }
    }
}

extension String {
    /// 32 digits, with this one behind.
    fileprivate func padding(_ digit: Character) -> String {
        self + String(repeating: digit, count: 32 - utf8.count)
    }
}
