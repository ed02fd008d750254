extension EpochRecord {
    /// What the roster says of it: the same as the signed record, in the order and in the tree.
    public func operations(_ hash: HashFunction) -> [Operation] {
        let key = RecordKey([.bytes(epoch.value.bigEndianBytes)])
        let id = key.record(kind: Roster.epoch, hash: hash)
        return [
            .create(id, kind: Roster.epoch, parent: nil, key: key),
            .write(
                id, Roster.epochOrigin, .decided,
                .list([
                    .bytes(parent.value.bigEndianBytes), .integer(Int64(clamping: point.value)),
                    .integer(Int64(clamping: treeSize)), .bytes(root.bytes), .instant(milliseconds),
                ])),
        ]
    }

    /// What a change of the roster says of an epoch; nil for one that begins none.
    public init?(_ operations: [Operation]) {
        guard case .create(let id, Roster.epoch, _, let key?)? = operations.first,
            case .write(id, Roster.epochOrigin, .decided, .list(let origin))? = operations.dropFirst().first,
            origin.count == 5, let epoch = key.values.first?.word, let parent = origin[0].word,
            let point = origin[1].integer, let size = origin[2].integer,
            case .bytes(let bytes) = origin[3], let root = ChangeHash(bytes: bytes),
            let milliseconds = origin[4].instant
        else { return nil }
        self.init(
            epoch: Epoch(epoch), parent: Epoch(parent), point: Position(UInt64(clamping: point)),
            treeSize: UInt64(clamping: size), root: root, milliseconds: milliseconds)
    }
}

extension Value {
    /// Eight bytes as a number, the most significant first.
    fileprivate var word: UInt64? {
        guard case .bytes(let bytes) = self, bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
