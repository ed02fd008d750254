import ChangeLog

// The byte form of a merged record, for digests; records in equal state have equal bytes. No positions:
// they are the epoch's. Nothing is told of what is pending: a digest covers accepted changes only.
//
// | part | bytes |
// |---|---|
// | version of the fold | 1 |
// | record | 16 |
// | created | 0, or 1, change id, name of the kind, [flag, parent], [flag, count, values of the key] |
// | presence | 0 present, 1 removed, 2 disputed |
// | conflict of the record | count, conflicts |
// | fields | count; each: name, name of the policy, flag and value, count of conflicts, conflicts |
//
// A conflict: names of id, kind and rule, shown change, flag and base, flag and offset, count of
// candidates; each: change id, name of the role, 8 bytes effective time, flag and value.

extension MergedRecord {
    /// The version of the rules by which records are folded; it stands in every digest.
    public static let foldVersion: UInt8 = 1

    /// Equal for equal states, wherever and in whatever order they were folded.
    public var canonicalBytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(byte: Self.foldVersion)
        writer.put(record: id)
        writer.put(creation) { writer, creation in
            writer.put(change: creation.change)
            writer.put(name: creation.kind.name)
            writer.put(creation.parent) { $0.put(record: $1) }
            writer.put(creation.key) { writer, key in
                writer.put(varint: UInt64(key.values.count))
                for value in key.values { writer.put(value) }
            }
        }
        writer.put(byte: presence.code)
        writer.put(conflict.map { [$0] } ?? [])
        writer.put(varint: UInt64(fields.count))
        for field in fields {
            writer.put(name: field.name.name)
            writer.put(name: field.policy.rawValue)
            writer.put(field.value) { $0.put($1) }
            writer.put(field.conflicts)
        }
        return writer.bytes
    }
}

extension MergedRecord.Presence {
    fileprivate var code: UInt8 {
        switch self {
        case .present: 0
        case .removed: 1
        case .disputed: 2
        }
    }
}

extension ByteWriter {
    fileprivate mutating func put<T>(_ optional: T?, _ body: (inout ByteWriter, T) -> Void) {
        put(byte: optional == nil ? 0 : 1)
        if let optional { body(&self, optional) }
    }

    fileprivate mutating func put(_ conflicts: [Conflict]) {
        put(varint: UInt64(conflicts.count))
        for conflict in conflicts {
            put(name: conflict.id)
            put(name: conflict.kind.rawValue)
            put(name: conflict.rule.rawValue)
            put(change: conflict.shown)
            put(conflict.base) { $0.put($1) }
            put(conflict.offset) { $0.put(varint: UInt64($1)) }
            put(varint: UInt64(conflict.candidates.count))
            for candidate in conflict.candidates {
                put(change: candidate.change)
                put(name: candidate.role.rawValue)
                put(bytes: candidate.time.value.bigEndianBytes)
                put(candidate.value) { $0.put($1) }
            }
        }
    }
}
