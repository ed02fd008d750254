/// How an epoch began: the server was restored from a backup, or had been put back and gone another way since; what
/// its order and those of before have in common ends there.
public struct EpochRecord: Hashable, Sendable {
    public let epoch: Epoch
    /// The one that it goes on from.
    public let parent: Epoch
    /// The restore point: positions of the parent up to here are those of the epoch too.
    public let point: Position
    /// The tree of receipts as it was restored: how many leaves, and its root.
    public let treeSize: UInt64
    public let root: ChangeHash
    /// When it began, milliseconds since 1970 UTC.
    public let milliseconds: Int64

    public init(
        epoch: Epoch, parent: Epoch, point: Position, treeSize: UInt64, root: ChangeHash, milliseconds: Int64
    ) {
        self.epoch = epoch
        self.parent = parent
        self.point = point
        self.treeSize = treeSize
        self.root = root
        self.milliseconds = milliseconds
    }

    /// What the server signs: the words "voordracht epoch 1", a zero byte, epoch (8), parent (8), point (8),
    /// size (8), root (32), time (8).
    public var message: [UInt8] {
        Array("voordracht epoch 1".utf8) + [0] + epoch.value.bigEndianBytes + parent.value.bigEndianBytes
            + point.value.bigEndianBytes + treeSize.bigEndianBytes + root.bytes
            + UInt64(bitPattern: milliseconds).bigEndianBytes
    }
}

/// The same with the server's signature.
public struct SignedEpoch: Hashable, Sendable {
    public let record: EpochRecord
    /// ECDSA P-256 with SHA-256 over `record.message`, 64 bytes r ‖ s.
    public let signature: [UInt8]

    public init(record: EpochRecord, signature: [UInt8]) {
        self.record = record
        self.signature = signature
    }
}

/// An epoch and those that it goes on from, each with the last of its positions that was inherited.
public struct EpochLineage: Hashable, Sendable {
    /// The epoch in force, without a bound.
    public let current: Epoch
    private var inherited: [Epoch: Position] = [:]
    /// The beginnings of this epoch and of those before it, the newest first: where the record of each stands in the
    /// order, and its restore point.
    private var cuts: [Cut] = []

    private struct Cut: Hashable {
        let parent: Epoch
        let record: Position?
        let point: Position
    }

    /// - Parameters:
    ///   - records: how epochs began, in any order; those of other lineages are passed over.
    ///   - places: where in the order these records stand, as far as that is known.
    public init(
        _ current: Epoch, _ records: some Collection<EpochRecord> = [], at places: [Epoch: Position] = [:]
    ) {
        self.current = current
        guard !records.isEmpty else { return }
        var parents: [Epoch: EpochRecord] = [:]
        for record in records { parents[record.epoch] = record }
        var (epoch, bound) = (current, Position(UInt64.max))
        while let record = parents[epoch], inherited[record.parent] == nil, record.parent != current {
            bound = min(bound, record.point)
            inherited[record.parent] = bound
            cuts.append(Cut(parent: record.parent, record: places[record.epoch], point: record.point))
            epoch = record.parent
        }
    }

    /// Whether it goes on from another epoch.
    public var isRestored: Bool { !inherited.isEmpty }

    /// Up to where the positions of an epoch mean the same in this one; nil for an epoch of another lineage.
    public func bound(of epoch: Epoch) -> Position? {
        epoch == current ? Position(UInt64.max) : inherited[epoch]
    }

    /// A base in the positions of this epoch: of what was lost it saw nothing. nil for another lineage.
    public func translated(_ base: Base) -> Base? {
        guard base.epoch != current else { return base }
        return inherited[base.epoch].map {
            Base(epoch: current, position: min(base.position, $0), own: base.own)
        }
    }

    /// The same of the base of a change that stands at a position: what was judged before an epoch began keeps what
    /// it meant then, since a server that had been put back keeps what it took in before that was declared.
    public func translated(_ base: Base, at position: Position) -> Base? {
        guard base.epoch != current else { return base }
        guard inherited[base.epoch] != nil else { return nil }
        var seen = base.position
        for cut in cuts {
            if let record = cut.record, record < position { seen = min(seen, cut.point) }
            if cut.parent == base.epoch { break }
        }
        return Base(epoch: current, position: seen, own: base.own)
    }

    /// The last position that two lineages have in common; nil when they have no epoch in common.
    public func common(with other: EpochLineage) -> Position? {
        let epochs = Set(inherited.keys).union([current])
        return epochs.compactMap { epoch in
            guard let mine = bound(of: epoch), let theirs = other.bound(of: epoch) else { return nil }
            return min(mine, theirs)
        }.max()
    }
}
