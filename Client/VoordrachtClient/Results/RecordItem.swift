import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import OfflineReplica

/// A record as a list shows it.
public struct RecordItem: Hashable, Sendable, Documented {
    public let record: RecordID
    public let kind: RecordKind
    public let audience: AudienceID
    /// What people call it; empty where it has no name.
    public let title: String
    public let state: ItemState
    /// Of a nomination `draft`, `submitted` or `withdrawn`; of an edition `draft`, `open` or `closed`; nil of others.
    public let standing: String?
    /// Of an edition; nil of others.
    public let year: Int?

    public var json: JSON { .object(members) }

    var members: [JSON.Member] {
        [
            JSON.Member("record", .string(Reference.text(record, kind: kind))),
            JSON.Member("title", .string(title)), JSON.Member("state", .string(state.rawValue)),
            JSON.Member("kind", .string(kind.name)), JSON.Member("audience", .string(audience.name)),
            JSON.Member("standing", JSON(standing)), JSON.Member("year", year.map { JSON($0) } ?? .null),
        ]
    }

    init(_ summary: RecordSummary, in view: ReplicaView) throws {
        record = summary.record
        kind = summary.kind
        audience = summary.audience
        title = try Self.title(summary, in: view)
        state = try view.reader.state(of: summary.record, in: summary.audience)
        switch kind {
        case .nomination:
            let key = try view.merged(record, in: audience)?.nominationKey
            standing = try key.flatMap { try view.standing(of: $0)?.rawValue } ?? "draft"
            year = nil
        case .edition:
            let merged = try view.merged(record, in: audience)
            standing = merged?[EditionField.phase]?.value?.text
            year = merged?.creation?.key?.year
        default: (standing, year) = (nil, nil)
        }
    }

    /// Kinds without a name of their own are called after what they are about.
    private static func title(_ summary: RecordSummary, in view: ReplicaView) throws -> String {
        guard summary.title.isEmpty, let merged = try view.merged(summary.record, in: summary.audience) else {
            return summary.title
        }
        switch summary.kind {
        case .annotation: return beginning(of: merged[AnnotationField.body]?.value?.text ?? "")
        case .submission:
            return SubmissionRecord(merged)?.content[NominationField.nomineeName]?.text ?? ""
        case .standing:
            let nominee = merged.nominationKey.flatMap { MunicipalRegister.current.nominee($0.nominee) }
            return nominee?.name(on: view.today) ?? ""
        case .assignment: return merged.creation?.key?.values.first?.text ?? ""
        default: return ""
        }
    }

    /// The first line, at most 60 characters.
    private static func beginning(of text: String) -> String {
        let line = text.split(whereSeparator: \.isNewline).first ?? ""
        return line.count > 60 ? line.prefix(59) + "…" : String(line)
    }
}

/// A part of a list.
public struct RecordPage: Hashable, Sendable, Documented {
    /// What is listed: a kind, or the words that were searched.
    public let subject: JSON.Member
    public let items: [RecordItem]
    /// What to name as `after` for the next part; nil at the end.
    public let next: RecordID?
    /// How many there are in all parts.
    public let total: Int

    public var json: JSON {
        .object([
            subject, JSON.Member("items", JSON(items)),
            JSON.Member("next", JSON(next.map { Reference.text($0, kind: items.last?.kind) })),
            JSON.Member("total", JSON(total)),
        ])
    }
}

extension Voordracht {
    /// The records of a kind, in Dutch order of their titles.
    ///
    /// - Throws: `FaceError` `kindUnknown`; `cursorMalformed` where `after` is not in the list.
    public func list(
        _ kind: String, limit: Int? = nil, after: RecordID? = nil
    ) async throws -> RecordPage {
        guard let name = RecordKind(kind), NominationSchema.schema[name] != nil else {
            throw FaceError(
                .kindUnknown, [kind],
                suggestions: EditDistance.sorted(
                    NominationSchema.schema.kinds.map(\.kind.name).sorted(), by: kind))
        }
        return try await read { view in
            let summaries = try view.reader.summaries(of: name)
            let unnamed = NominationSchema.schema[name]?.title == nil
            let sorted = unnamed ? summaries : DutchCollation.sorted(summaries) { $0.title }
            var rest = sorted[...]
            if let after {
                guard let index = sorted.firstIndex(where: { $0.record == after }) else {
                    throw FaceError(.cursorMalformed, [Reference.text(after)])
                }
                rest = sorted[(index + 1)...]
            }
            let part = rest.prefix(max(limit ?? rest.count, 0))
            return RecordPage(
                subject: JSON.Member("kind", .string(name.name)),
                items: try part.map { try RecordItem($0, in: view) },
                next: part.count < rest.count ? part.last?.record : nil, total: sorted.count)
        }
    }

    /// Without the earlier submissions of nominations that were submitted again.
    private static func current(
        _ summaries: [RecordSummary], in view: ReplicaView
    ) throws -> [RecordSummary] {
        var latest: [AudienceID: RecordID?] = [:]
        return try summaries.filter { summary in
            guard summary.kind == .submission else { return true }
            let known =
                try latest[summary.audience]
                ?? SubmissionRecord.all(in: summary.audience, view).last?.record
            latest[summary.audience] = .some(known)
            return known == summary.record
        }
    }

    /// The nominations of the own organisation.
    public func nominations() async throws -> [RecordItem] {
        try await list(RecordKind.nomination.name).items
    }

    /// The records that show all of these words, or words that begin with them, best first.
    public func search(_ words: String, limit: Int = 50) async throws -> RecordPage {
        try await read { view in
            let limit = max(limit, 0)
            var (asked, found) = (limit, [RecordSummary]())
            repeat {
                let all = try view.reader.search(words, limit: asked)
                found = try Self.current(all, in: view)
                if found.count >= limit || all.count < asked { break }
                asked *= 2
            } while true
            found = Array(found.prefix(limit))
            return RecordPage(
                subject: JSON.Member("words", .string(words)),
                items: try found.map { try RecordItem($0, in: view) }, next: nil, total: found.count)
        }
    }
}
