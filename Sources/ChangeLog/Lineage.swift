/// The replicas that a replica goes on from: its disk was copied or put back, and another copy had used
/// their next numbers already.
///
/// It numbers its own changes after the last one that it continues, so that the numbers of both together
/// rise: `Base.own` counts in them, and in nothing else.
public struct Lineage: Hashable, Sendable {
    /// A replica, and up to which of its numbers the changes count as own.
    public struct Ancestor: Hashable, Sendable {
        public let replica: ReplicaID
        public let through: UInt64

        public init(replica: ReplicaID, through: UInt64) {
            self.replica = replica
            self.through = through
        }
    }

    /// The nearest first.
    public private(set) var ancestors: [Ancestor] = []

    /// That of a replica which continues none, as nearly all do.
    public static let none = Lineage()

    private init() {}

    /// That of a replica which continues another one.
    ///
    /// - Parameter earlier: the lineage of the one that is continued.
    public init(continuing change: ChangeID, of earlier: Lineage) {
        ancestors = [Ancestor(replica: change.replica, through: change.number)]
        // What the continued one had itself only continued up to a number ends there, or here.
        ancestors += earlier.ancestors.map {
            Ancestor(replica: $0.replica, through: min($0.through, change.number))
        }
    }

    public var isEmpty: Bool { ancestors.isEmpty }

    /// Whether a change counts as own.
    public func includes(_ change: ChangeID) -> Bool {
        ancestors.contains { $0.replica == change.replica && change.number <= $0.through }
    }
}

/// That one replica goes on from another: told by the roster, so that every reader knows it.
public struct Continuation: Hashable, Sendable {
    public let replica: ReplicaID
    /// The last change of the other that counts as own; number 0 for none.
    public let continued: ChangeID

    public init(replica: ReplicaID, continued: ChangeID) {
        self.replica = replica
        self.continued = continued
    }

    /// A list of two ids in bytes and a number.
    public var value: Value {
        .list([
            .bytes(replica.bytes), .bytes(continued.replica.bytes),
            .integer(Int64(clamping: continued.number)),
        ])
    }

    /// nil for a value that says something else.
    public init?(_ value: Value) {
        guard case .list(let parts) = value, parts.count == 3, case .bytes(let replica) = parts[0],
            case .bytes(let other) = parts[1], case .integer(let number) = parts[2], number >= 0,
            let id = Identifier128(bytes: replica), let continued = Identifier128(bytes: other),
            id != continued
        else { return nil }
        self.init(
            replica: ReplicaID(id),
            continued: ChangeID(replica: ReplicaID(continued), number: UInt64(number)))
    }
}

/// Continuations by replica, and the lineages that they give.
public struct Lineages: Hashable, Sendable {
    private var continued: [ReplicaID: ChangeID] = [:]

    /// How long a lineage is at most: further back nothing counts as own.
    public static let depth = 64

    public init(_ continuations: some Sequence<Continuation> = []) {
        for continuation in continuations { continued[continuation.replica] = continuation.continued }
    }

    public var isEmpty: Bool { continued.isEmpty }

    public subscript(_ replica: ReplicaID) -> Lineage {
        if continued.isEmpty { return .none }
        var path: [ChangeID] = []
        var next = replica
        while let change = continued[next], path.count < Self.depth {
            path.append(change)
            next = change.replica
        }
        return path.reversed().reduce(Lineage.none) { Lineage(continuing: $1, of: $0) }
    }
}
