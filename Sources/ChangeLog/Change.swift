/// The view on which an edit was made: all changes up to a position, and the replica's own up to a
/// number. Not what the replica happens to hold when the edit is recorded.
public struct Base: Hashable, Sendable {
    public var epoch: Epoch
    public var position: Position
    public var own: UInt64

    public init(epoch: Epoch, position: Position, own: UInt64) {
        self.epoch = epoch
        self.position = position
        self.own = own
    }
}

/// The place of a change in one action that spans several audiences.
public struct ChangeGroup: Hashable, Sendable {
    /// 0 for the first.
    public let index: UInt8
    /// 2 to 16.
    public let count: UInt8

    /// nil unless `index < count` and `count` is 2 to 16.
    public init?(index: UInt8, count: UInt8) {
        guard index < count, (2...Limits.groupChanges).contains(Int(count)) else { return nil }
        self.index = index
        self.count = count
    }
}

/// All of a change but its operations: what the server orders and keeps, even after erasure.
public struct Envelope: Hashable, Sendable {
    public var id: ChangeID
    public var base: Base
    public var time: HybridTime
    public var audience: AudienceID
    public var group: ChangeGroup?
    /// The version of the domain's schema that its author used.
    public var schema: UInt32

    public init(
        id: ChangeID, base: Base, time: HybridTime, audience: AudienceID, group: ChangeGroup? = nil,
        schema: UInt32
    ) {
        self.id = id
        self.base = base
        self.time = time
        self.audience = audience
        self.group = group
        self.schema = schema
    }

    /// Whether this change was made with `other`, which stands at `position`, in view.
    ///
    /// The three numbers of the causality rule: its position is not beyond the base's, or both are
    /// of one replica and its number is not beyond the base's own. A change without a position
    /// (`nil`) is seen by its own replica only. Both positions are of one epoch: the server refuses a
    /// base of another.
    ///
    /// - Parameter lineage: of this change's replica; what it continues counts as its own.
    public func saw(_ other: ChangeID, at position: Position?, lineage: Lineage = .none) -> Bool {
        if other.replica == id.replica || lineage.includes(other) { return other.number <= base.own }
        guard let position else { return false }
        return position <= base.position
    }
}

/// One atomic user action: applied whole or not at all.
public struct Change: Hashable, Sendable {
    public var envelope: Envelope
    public var salt: Salt
    public var operations: [Operation]

    public init(envelope: Envelope, salt: Salt, operations: [Operation]) {
        self.envelope = envelope
        self.salt = salt
        self.operations = operations
    }

    public var id: ChangeID { envelope.id }
}

/// The blinding of a change's commitment.
public enum Salt: Hashable, Sendable {
    /// 16 random bytes shared by the changes of one push in one audience; each has its own salt
    /// derived from them.
    case seed(Identifier128)
    /// The salt itself, where the seed may not be told.
    case plain(Identifier128)
    /// Nothing any more: something of the contents was erased, and this is the commitment to what they were.
    case erased(commitment: ChangeHash)
}
