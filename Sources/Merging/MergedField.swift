public import ChangeLog

/// A field after all that was written to it.
public struct MergedField: Hashable, Sendable {
    /// How far the shown value can be relied upon.
    public enum State: String, Hashable, Sendable, CaseIterable {
        /// No conflict, and what is shown has been accepted.
        case settled
        /// There is a conflict to settle.
        case disputed
        /// Undisputed, but what is shown has not been accepted yet.
        case pending
    }

    /// The name of the field.
    public let name: FieldName
    /// As the operations named it.
    public let policy: MergePolicy
    /// What is shown: text for a text, a list for a set (by canonical bytes) or an append-only field
    /// (in order); nil when nothing that was written could be understood.
    public let value: Value?
    /// Whether it is settled, disputed or pending.
    public let state: State
    /// By id; more than one in texts only.
    public let conflicts: [Conflict]
    /// Everything that was ever written to the field, in the order of positions, what is pending
    /// last: the answer to "why this value?".
    public let history: [FieldEvent]
}

/// One operation in the story of a field or of a record.
public struct FieldEvent: Hashable, Sendable {
    /// What an operation did.
    public enum Action: String, Hashable, Sendable, CaseIterable {
        case create, remove, restore, write, resolve, insert, take, edit, accept
    }

    /// What became of it.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// In what is shown.
        case shown
        /// One side of a conflict, and not the one shown.
        case candidate
        /// Replaced by an edit whose author had seen it.
        case superseded
        /// Taken out of the set or the text again.
        case removed
        /// Not understood: a choice of something unknown, or an edit outside the text.
        case ignored
    }

    /// The change that it belongs to.
    public let change: ChangeID
    /// Index of the operation in its change.
    public let index: Int
    /// What it did.
    public let action: Action
    /// What it wrote, inserted or took; nil for texts, for records, and for what was ignored.
    public let value: Value?
    /// Effective, or its author's stamp as long as it is pending.
    public let time: HybridTime
    /// nil while it is pending.
    public let position: Position?
    /// What became of it.
    public let outcome: Outcome

    init(_ step: Step, value: Value? = nil, _ outcome: Outcome) {
        change = step.change
        index = step.rank.index
        action = step.operation.action
        self.value = value
        time = step.time
        position = step.rank.position
        self.outcome = outcome
    }
}

extension Operation {
    fileprivate var action: FieldEvent.Action {
        switch self {
        case .create: .create
        case .remove: .remove
        case .restore: .restore
        case .write: .write
        case .resolve: .resolve
        case .insert: .insert
        case .take: .take
        case .edit: .edit
        case .accept: .accept
        }
    }

    /// The policy that this operation names; nil when it is one on the record itself.
    var mergePolicy: MergePolicy? {
        switch self {
        case .create, .remove, .restore: nil
        case .write(_, _, let policy, _), .resolve(_, _, let policy, _, _): policy.mergePolicy
        case .insert, .take: .set
        case .edit, .accept: .text
        }
    }
}
