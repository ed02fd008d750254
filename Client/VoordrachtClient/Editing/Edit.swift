import ChangeLog
import OfflineReplica

/// What became of an edit.
public struct Edit: Hashable, Sendable, Documented {
    /// The record that it is about.
    public let record: RecordID
    public let kind: RecordKind
    /// What was recorded; empty where everything was so already.
    public let changes: [ChangeID]
    /// Of the first change; where there is none, of the record.
    public let state: ItemState

    public var json: JSON {
        [
            "record": .string(Reference.text(record, kind: kind)), "kind": .string(kind.name),
            "change": changes.first?.json ?? .null, "state": .string(state.rawValue),
        ]
    }
}
