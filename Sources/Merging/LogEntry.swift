public import ChangeLog

/// A change as one replica knows it: what its author wrote, and what the server said of it.
///
/// Refused changes are no entries: they stand in the tray of their author, outside every view.
public struct LogEntry: Hashable, Sendable {
    /// What its author wrote.
    public var change: Change
    /// What the server said of it.
    public var placement: Placement
    /// What its replica continues, as the roster says: a fold needs it to tell what its author had seen.
    public var lineage: Lineage

    /// An entry for a change with this verdict.
    public init(_ change: Change, _ placement: Placement, lineage: Lineage = .none) {
        self.change = change
        self.placement = placement
        self.lineage = lineage
    }

    /// The id of the change.
    public var id: ChangeID { change.id }
}

/// Where a change stands in the workspace's one order.
public enum Placement: Hashable, Sendable {
    /// In the order. `effective` is the earlier of its stamp and its first receipt; the server fixes
    /// it with the verdict.
    case accepted(Position, effective: HybridTime)
    /// The replica's own, without a position: local, queued, held or waiting.
    case pending

    /// Its place in the order; nil while it has none.
    public var position: Position? {
        if case .accepted(let position, _) = self { position } else { nil }
    }
}

/// A change that edits a record inside another: it counts as an edit of the outer one, against its
/// removal.
public struct Touch: Hashable, Sendable {
    /// Who made it, when, and on what view.
    public var envelope: Envelope
    /// What the server said of it.
    public var placement: Placement

    /// The touch of a change with this verdict.
    public init(_ envelope: Envelope, _ placement: Placement) {
        self.envelope = envelope
        self.placement = placement
    }
}
