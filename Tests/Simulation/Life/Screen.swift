import ChangeLog
import Merging
import OfflineReplica

/// What a person had before the eyes when an edit was made: the oracle knows nothing else of "having seen".
struct Screen: Sendable {
    let view: View
    /// As which replica the program went then.
    let replica: ReplicaID
    let audience: AudienceID
    let record: RecordID
    /// nil where there is no such record yet.
    let kind: RecordKind?
    let isVisible: Bool
    /// All that was done to the record, and to what it contains.
    private(set) var seen: Set<ChangeID>
    /// Of each register: the writes whose values stand there, in dispute or not.
    private(set) var standing: [FieldName: Set<ChangeID>]
    /// The insertions that the tags shown stand on, by tag.
    private(set) var tags: [String: Set<ChangeID>]
    let text: String
    let conflicts: [Conflict]

    init(_ reader: ReplicaReader, _ record: RecordID, in audience: AudienceID) throws {
        view = try reader.view()
        replica = reader.identity.replica
        self.audience = audience
        self.record = record
        let merged = try reader.merged(record, in: audience)
        kind = merged?.kind
        isVisible = merged?.isVisible ?? false
        conflicts = merged?.conflicts ?? []
        text = merged?[SimulatedDomain.body]?.value?.text ?? ""
        var seen = Set((merged?.history ?? []).map(\.change))
        var standing: [FieldName: Set<ChangeID>] = [:]
        var tags: [String: Set<ChangeID>] = [:]
        for field in merged?.fields ?? [] {
            seen.formUnion(field.history.map(\.change))
            switch field.policy {
            case .register, .quiet:
                standing[field.name] = Set(
                    field.history.filter { $0.outcome == .shown || $0.outcome == .candidate }.map(\.change))
            case .set:
                for event in field.history where event.action == .insert && event.outcome == .shown {
                    if let tag = event.value?.text { tags[tag, default: []].insert(event.change) }
                }
            case .text, .immutable, .appendOnly, .decided: break
            }
        }
        for child in try reader.summaries(in: audience, parent: record) {
            guard let merged = try reader.merged(child.record, in: audience) else { continue }
            seen.formUnion(merged.history.map(\.change) + merged.fields.flatMap { $0.history.map(\.change) })
        }
        self.seen = seen
        self.standing = standing
        self.tags = tags
    }

    /// The same with other names of changes; what gets none is not seen any more.
    func renamed(_ name: (ChangeID) -> ChangeID?) -> Screen {
        var screen = self
        screen.seen = Set(seen.compactMap(name))
        screen.standing = standing.mapValues { Set($0.compactMap(name)) }
        screen.tags = tags.mapValues { Set($0.compactMap(name)) }
        return screen
    }
}
