public import ChangeLog

/// A record after all that was done to it.
public struct MergedRecord: Hashable, Sendable {
    /// Whether the record is there.
    public enum Presence: String, Hashable, Sendable, CaseIterable {
        /// Not removed, or brought back.
        case present
        /// Removed by someone who had seen all that was done to it.
        case removed
        /// A removal met an edit or a restoration: visible until somebody settles it.
        case disputed
    }

    /// The record.
    public let id: RecordID
    /// How it came into being; nil when its creation is not among the entries.
    public let creation: Creation?
    /// Whether it is there.
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
        /// The change that created it.
        public let change: ChangeID
        /// What it is.
        public let kind: RecordKind
        /// What contains it.
        public let parent: RecordID?
        /// The natural key that its id is the hash of.
        public let key: RecordKey?
    }

    /// What it is; nil while its creation is unknown.
    public var kind: RecordKind? { creation?.kind }
    /// What contains it.
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
