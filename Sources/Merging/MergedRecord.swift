public import ChangeLog

/// A record after all that was done to it.
public struct MergedRecord: Hashable, Sendable {
    public enum Presence: String, Hashable, Sendable, CaseIterable {
        case present
        case removed
        /// A removal met an edit or a restoration: visible until somebody settles it.
        case disputed
    }

    public let id: RecordID
    /// How it came into being; nil when its creation is not among the entries.
    public let creation: Creation?
    public let presence: Presence
    /// By name, then by policy.
    public let fields: [MergedField]
    /// About the removal of the record itself.
    public let conflict: Conflict?
    /// Its creations, removals and restorations, as in a field.
    public let history: [FieldEvent]
    /// Whether any entry of the record is pending.
    public let isPending: Bool

    /// What the creation at the lowest position said.
    public struct Creation: Hashable, Sendable {
        public let change: ChangeID
        public let kind: RecordKind
        public let parent: RecordID?
        public let key: RecordKey?
    }

    public var kind: RecordKind? { creation?.kind }
    public var parent: RecordID? { creation?.parent }
    /// Created, and not removed by common consent.
    public var isVisible: Bool { creation != nil && presence != .removed }

    /// The field of this name. Should two policies ever have been named for it, the first by name.
    public subscript(name: FieldName) -> MergedField? { fields.first { $0.name == name } }

    /// All that is to be settled: the record itself, then its fields in order.
    public var conflicts: [Conflict] {
        (conflict.map { [$0] } ?? []) + fields.flatMap(\.conflicts)
    }
}
