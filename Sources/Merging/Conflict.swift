public import ChangeLog

/// Edits that competed without their authors knowing of each other, and that nobody has settled.
public struct Conflict: Hashable, Sendable {
    /// What it is that competes.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// Different values of one field.
        case value
        /// Resolutions of an earlier conflict that differ.
        case resolution
        /// Two people writing in one place of a text.
        case text
        /// A removal, and edits or a restoration that it had not seen.
        case removed
    }

    /// What chose the value that is shown meanwhile.
    public enum Rule: String, Hashable, Sendable, CaseIterable {
        /// The latest by effective time, then by change.
        case latest
        /// The first in the order of positions; before it, the first resolution that stands.
        case lowestPosition = "lowest-position"
        /// Nothing is hidden: both texts stand one after the other.
        case bothStand = "both-stand"
        /// A record that is disputed is shown as if it had not been removed.
        case staysVisible = "stays-visible"
    }

    /// Stable on all replicas: the record, a full stop, the field (`-` for the record itself) and,
    /// in a text, a colon and 16 digits that name the two changes.
    public let id: String
    /// The record that is disputed, or whose field is.
    public let record: RecordID
    /// nil when the record itself is disputed.
    public let field: FieldName?
    /// The policy of the field; nil with it.
    public let policy: MergePolicy?
    /// What it is that competes.
    public let kind: Kind
    /// The value that all candidates' authors had before them, where there was one.
    public let base: Value?
    /// By time, then by change; a resolution names these.
    public let candidates: [Candidate]
    /// The candidate whose value is shown meanwhile; in a text, one of the two.
    public let shown: ChangeID
    /// What chose it.
    public let rule: Rule
    /// Where in a text the two meet, in Unicode scalars.
    public let offset: Int?

    /// The changes that a resolution has to name to settle all of this.
    public var settling: [ChangeID] {
        var changes: [ChangeID] = []
        for change in candidates.map(\.change).sorted() where changes.last != change {
            changes.append(change)
        }
        return changes
    }
}

/// One side of a conflict.
public struct Candidate: Hashable, Sendable {
    /// What a candidate did.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        case write, resolution, edit, removal, creation, restoration
    }

    /// The change that a resolution names.
    public let change: ChangeID
    /// What that change did.
    public let role: Role
    /// What it wrote; nil for a removal and what stands against one.
    public let value: Value?
    /// Effective, or its author's stamp as long as it is pending.
    public let time: HybridTime
    /// nil while it is pending.
    public let position: Position?

    init(_ step: Step, _ role: Role, value: Value?) {
        change = step.change
        self.role = role
        self.value = value
        time = step.time
        position = step.rank.position
    }

    init(_ edit: RecordEdit) {
        change = edit.envelope.id
        role = .edit
        value = nil
        time = edit.placement.time(of: edit.envelope)
        position = edit.placement.position
    }

    /// In the order of time and change; what stands on its own before the edit that the same change made.
    static func isBefore(_ left: Candidate, _ right: Candidate) -> Bool {
        (left.time, left.change, left.role == .edit ? 1 : 0)
            < (right.time, right.change, right.role == .edit ? 1 : 0)
    }
}
