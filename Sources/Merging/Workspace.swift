public import ChangeLog

/// A log in memory with its records: for tests, and for anyone without a database.
///
/// Guarantee: what it answers equals a fold from scratch of the entries that it holds, whatever was
/// inserted, placed and dropped before.
public struct Workspace: Sendable {
    /// A record is identified within its audience.
    private struct Address: Hashable {
        let audience: AudienceID
        let record: RecordID
    }

    private var entries: [ChangeID: LogEntry] = [:]
    /// The changes with an operation on the record.
    private var changes: [Address: Set<ChangeID>] = [:]
    private var records: [AudienceID: Set<RecordID>] = [:]
    /// What contains a record, as its fold says, and the other way round.
    private var parents: [Address: RecordID] = [:]
    private var children: [Address: Set<RecordID>] = [:]
    private var folds: [Address: MergedRecord] = [:]

    /// An empty log.
    public init() {}

    /// Adds an entry; one that is known takes the new placement if it had none.
    public mutating func insert(_ entry: LogEntry) {
        if let known = entries[entry.id] {
            if case .accepted(let position, let effective) = entry.placement, known.placement == .pending {
                place(entry.id, at: position, effective: effective)
            }
            return
        }
        entries[entry.id] = entry
        for address in Self.addresses(of: entry) {
            changes[address, default: []].insert(entry.id)
            records[address.audience, default: []].insert(address.record)
        }
        refresh(entry)
    }

    /// Gives a pending change its position; unknown ones are passed over.
    public mutating func place(_ change: ChangeID, at position: Position, effective: HybridTime) {
        guard var entry = entries[change] else { return }
        entry.placement = .accepted(position, effective: effective)
        entries[change] = entry
        refresh(entry)
    }

    /// Takes a refused change out of the view.
    public mutating func drop(_ change: ChangeID) {
        guard let entry = entries.removeValue(forKey: change) else { return }
        for address in Self.addresses(of: entry) {
            changes[address]?.remove(change)
            guard changes[address]?.isEmpty ?? false else { continue }
            changes[address] = nil
            records[address.audience]?.remove(address.record)
        }
        refresh(entry)
    }

    /// The entry of a change; nil when it is unknown or was dropped.
    public subscript(change: ChangeID) -> LogEntry? { entries[change] }

    /// The records that entries name in an audience, by id.
    public func records(in audience: AudienceID) -> [RecordID] {
        (records[audience] ?? []).sorted()
    }

    /// The audiences with entries, by name.
    public var audiences: [AudienceID] {
        records.filter { !$0.value.isEmpty }.keys.sorted()
    }

    /// The fold of a record, kept until something that it depends on changes; nil when no entry names
    /// the record.
    public mutating func merged(_ record: RecordID, in audience: AudienceID) -> MergedRecord? {
        let address = Address(audience: audience, record: record)
        if let fold = folds[address] { return fold }
        let fold = fold(address)
        folds[address] = fold
        return fold
    }

    /// The digest of an audience as of a position: over accepted changes up to it, and nothing else.
    public func digest(
        of audience: AudienceID, upTo position: Position, hash: HashFunction
    ) -> ChangeHash {
        // On its own: what contains what may have been different then.
        var past = Workspace()
        for entry in entries.values where entry.change.envelope.audience == audience {
            if let place = entry.placement.position, place <= position { past.insert(entry) }
        }
        let accepted = past.records(in: audience).compactMap { past.merged($0, in: audience) }
        return AudienceDigest.digest(of: accepted, hash: hash)
    }
}

extension Workspace {
    private static func addresses(of entry: LogEntry) -> Set<Address> {
        Set(
            entry.change.operations.map {
                Address(audience: entry.change.envelope.audience, record: $0.record)
            })
    }

    private func entries(at address: Address) -> [LogEntry] {
        (changes[address] ?? []).compactMap { entries[$0] }
    }

    private func fold(_ address: Address) -> MergedRecord? {
        let own = entries(at: address)
        guard !own.isEmpty else { return nil }
        return RecordFold.fold(record: address.record, entries: own, contained: touches(inside: address))
    }

    /// The edits of everything that the record contains.
    private func touches(inside address: Address) -> [Touch] {
        var touches: [Touch] = []
        var visited: Set<Address> = [address]
        var pending = [address]
        while let outer = pending.popLast() {
            for child in children[outer] ?? [] {
                let inner = Address(audience: address.audience, record: child)
                guard visited.insert(inner).inserted else { continue }
                pending.append(inner)
                for entry in entries(at: inner) where entry.edits(child) {
                    touches.append(Touch(entry.change.envelope, entry.placement))
                }
            }
        }
        return touches
    }

    /// Forgets the folds that an entry has a part in, and sees whether records stand elsewhere now.
    private mutating func refresh(_ entry: LogEntry) {
        for address in Self.addresses(of: entry) {
            forget(address)
            let parent = RecordFold.parent(of: address.record, in: entries(at: address))
            guard parent != parents[address] else { continue }
            if let old = parents[address] {
                children[Address(audience: address.audience, record: old)]?.remove(address.record)
            }
            parents[address] = parent
            if let parent {
                children[Address(audience: address.audience, record: parent), default: []]
                    .insert(address.record)
            }
            forget(address)
        }
    }

    /// Forgets the folds of a record and of all that contain it.
    private mutating func forget(_ address: Address) {
        var visited: Set<Address> = []
        var next: Address? = address
        while let current = next, visited.insert(current).inserted {
            folds[current] = nil
            next = parents[current].map { Address(audience: address.audience, record: $0) }
        }
    }
}

extension LogEntry {
    /// Whether it does anything to the record but remove it.
    fileprivate func edits(_ record: RecordID) -> Bool {
        change.operations.contains { $0.record == record && !$0.isRemoval }
    }
}
