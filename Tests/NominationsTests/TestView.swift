import ChangeLog
import Merging
import Nominations

/// What a replica or the server holds, as facts and as a view.
struct TestView: NominationsReader, FactSource {
    let person: RecordID
    let base: Base
    let nowMilliseconds: Int64
    let log: TestLog
    /// Whose replicas are whose.
    let owners: [ReplicaID: RecordID]

    var hash: HashFunction { testHash }

    func merged(_ record: RecordID, in audience: AudienceID) -> MergedRecord? {
        log.merged(record, in: audience)
    }

    func visible(_ kind: RecordKind, in audience: AudienceID) -> [MergedRecord] {
        log.records(in: audience).compactMap { log.merged($0, in: audience) }
            .filter { $0.kind == kind && $0.isVisible }
    }

    func audiences() -> [AudienceID] { log.audiences }

    func audience(of record: RecordID) -> AudienceID? {
        log.audiences.first { log.records(in: $0).contains(record) }
    }

    func chainHash(of change: ChangeID) -> ChangeHash? {
        log[change].map { testHash($0.change.canonicalBytes) }
    }

    func person(of replica: ReplicaID) -> RecordID? { owners[replica] }

    func decided(_ record: RecordID, _ field: FieldName, in audience: AudienceID) -> Value? {
        let merged = merged(record, in: audience)?[field]
        return merged?.policy == .decided ? merged?.value : nil
    }

    func origin(of record: RecordID, in audience: AudienceID) -> RecordOrigin? {
        guard let creation = merged(record, in: audience)?.creation else { return nil }
        return RecordOrigin(
            kind: creation.kind, parent: creation.parent, key: creation.key,
            author: owners[creation.change.replica])
    }

    func records(of kind: RecordKind, in audience: AudienceID) -> [RecordID] {
        visible(kind, in: audience).map(\.id)
    }
}

/// A workspace that remembers its folds although it is read through a constant.
final class TestLog {
    private(set) var workspace = Workspace()

    var audiences: [AudienceID] { workspace.audiences }
    func records(in audience: AudienceID) -> [RecordID] { workspace.records(in: audience) }
    func merged(_ record: RecordID, in audience: AudienceID) -> MergedRecord? {
        workspace.merged(record, in: audience)
    }
    func insert(_ entry: LogEntry) { workspace.insert(entry) }
    func place(_ change: ChangeID, at position: Position, effective: HybridTime) {
        workspace.place(change, at: position, effective: effective)
    }
    func drop(_ change: ChangeID) { workspace.drop(change) }
    subscript(change: ChangeID) -> LogEntry? { workspace[change] }
}
