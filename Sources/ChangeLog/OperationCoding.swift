import TextCRDT

// The byte form of the contents of a change: varint count, then the operations.
//
// | code | operation | after the code |
// |---|---|---|
// | 1 | create | record, kind, flags (1 parent, 2 key), [parent], [varint count, values] |
// | 2 | remove | record, settled |
// | 3 | restore | record, settled |
// | 4 | write | record, field, policy, value |
// | 5 | resolve by keeping | record, field, policy, change id, settled |
// | 6 | resolve by a value | record, field, policy, value, settled |
// | 7 | insert into a set | record, field, value |
// | 8 | take from a set | record, field, value |
// | 9 | edit a text | record, field, check (8 bytes), varint count, text edits |
// | 10 | accept | record, field, settled |
//
// settled: varint count, then change ids in rising order, none twice. policy: one byte of
// `WritePolicy`. A text edit is varint (index << 1 | kind): kind 0 inserts (varint length, UTF-8),
// kind 1 deletes (varint count of scalars).

extension ChangeSink {
    public mutating func put(contents operations: [Operation]) {
        put(varint: UInt64(operations.count))
        for operation in operations { put(operation) }
    }

    private mutating func put(_ operation: Operation) {
        put(byte: operation.code)
        put(record: operation.record)
        if let field = operation.field { put(name: field.name) }
        switch operation {
        case .create(_, let kind, let parent, let key):
            put(name: kind.name)
            put(byte: (parent == nil ? 0 : 1) | (key == nil ? 0 : 2))
            if let parent { put(record: parent) }
            if let key {
                put(varint: UInt64(key.values.count))
                for value in key.values { put(value) }
            }
        case .write(_, _, let policy, let value):
            put(byte: policy.rawValue)
            put(value)
        case .resolve(_, _, let policy, let choice, let settling):
            put(byte: policy.rawValue)
            switch choice {
            case .keep(let change): put(change: change)
            case .value(let value): put(value)
            }
            put(settling: settling)
        case .insert(_, _, let value), .take(_, _, let value):
            put(value)
        case .edit(_, _, let check, let edits):
            put(bytes: check.value.bigEndianBytes)
            put(edits)
        case .remove(_, let settling), .restore(_, let settling), .accept(_, _, let settling):
            put(settling: settling)
        }
    }

    private mutating func put(settling changes: [ChangeID]) {
        let named = Set(changes).sorted()
        put(varint: UInt64(named.count))
        for change in named { put(change: change) }
    }

    private mutating func put(_ edits: [TextOperation]) {
        put(varint: UInt64(edits.count))
        for edit in edits {
            switch edit {
            case .insert(let index, let text):
                put(varint: UInt64(index) << 1)
                put(varint: UInt64(text.utf8.count))
                put(bytes: Array(text.utf8))
            case .delete(let index, let count):
                put(varint: UInt64(index) << 1 | 1)
                put(varint: UInt64(count))
            }
        }
    }
}

extension Operation {
    fileprivate var code: UInt8 {
        switch self {
        case .create: 1
        case .remove: 2
        case .restore: 3
        case .write: 4
        case .resolve(_, _, _, .keep, _): 5
        case .resolve(_, _, _, .value, _): 6
        case .insert: 7
        case .take: 8
        case .edit: 9
        case .accept: 10
        }
    }
}

extension ChangeSource {
    public mutating func contents() throws(ChangeLogError) -> [Operation] {
        let start = offset
        let count = try count(upTo: Limits.operations, of: "operations")
        guard count > 0 else {
            throw ChangeLogError(.malformed, "a change without operations", offset: start)
        }
        var operations: [Operation] = []
        for _ in 0..<count { operations.append(try operation()) }
        return operations
    }

    private mutating func operation() throws(ChangeLogError) -> Operation {
        let start = offset
        let code = try byte()
        guard (1...10).contains(code) else {
            throw ChangeLogError(.unsupported, "operation \(code) is not known", offset: start)
        }
        let record = try record()
        switch code {
        case 1: return try creation(of: record)
        case 2: return .remove(record, settling: try settling())
        case 3: return .restore(record, settling: try settling())
        default: break
        }
        let field = try field()
        switch code {
        case 4: return .write(record, field, try policy(), try value())
        case 5:
            return .resolve(record, field, try policy(), .keep(try change()), settling: try settling())
        case 6:
            return .resolve(record, field, try policy(), .value(try value()), settling: try settling())
        case 7: return .insert(record, field, try value())
        case 8: return .take(record, field, try value())
        case 9:
            let check = try bytes(8).reduce(0) { $0 << 8 | UInt64($1) }
            return .edit(record, field, check: TextCheck(check), try edits())
        default: return .accept(record, field, settling: try settling())
        }
    }

    private mutating func creation(of record: RecordID) throws(ChangeLogError) -> Operation {
        let start = offset
        guard let kind = RecordKind(try name()) else {
            throw ChangeLogError(.malformed, "not the name of a record kind", offset: start)
        }
        let flags = try byte()
        guard flags < 4 else {
            throw ChangeLogError(.malformed, "flags \(flags) of a creation", offset: start)
        }
        let parent = flags & 1 == 0 ? nil : try self.record()
        guard flags & 2 != 0 else { return .create(record, kind: kind, parent: parent, key: nil) }
        var values: [Value] = []
        for _ in 0..<(try count(upTo: Limits.keyValues, of: "values in a key")) {
            values.append(try value())
        }
        return .create(record, kind: kind, parent: parent, key: RecordKey(values))
    }

    private mutating func field() throws(ChangeLogError) -> FieldName {
        let start = offset
        guard let field = FieldName(try name()) else {
            throw ChangeLogError(.malformed, "not the name of a field", offset: start)
        }
        return field
    }

    private mutating func policy() throws(ChangeLogError) -> WritePolicy {
        let start = offset
        let code = try byte()
        guard let policy = WritePolicy(rawValue: code) else {
            throw ChangeLogError(.unsupported, "merge policy \(code) is not known", offset: start)
        }
        return policy
    }

    private mutating func settling() throws(ChangeLogError) -> [ChangeID] {
        let start = offset
        var changes: [ChangeID] = []
        for _ in 0..<(try count(upTo: Limits.resolvedChanges, of: "changes in a resolution")) {
            let next = try change()
            if let last = changes.last, next <= last {
                throw ChangeLogError(.malformed, "changes of a resolution out of order", offset: start)
            }
            changes.append(next)
        }
        return changes
    }

    private mutating func edits() throws(ChangeLogError) -> [TextOperation] {
        var edits: [TextOperation] = []
        for _ in 0..<(try count(upTo: Limits.textEdits, of: "edits of a text")) {
            let start = offset
            let head = try varint()
            let size = try varint()
            guard let index = Int(exactly: head >> 1), let size = Int(exactly: size), size > 0,
                index <= Limits.textIndex, size <= Limits.textBytes
            else {
                throw ChangeLogError(.tooLarge, "a text edit beyond the largest text", offset: start)
            }
            if head & 1 == 1 {
                edits.append(.delete(at: index, count: size))
            } else {
                guard let text = String(validating: try bytes(size), as: UTF8.self) else {
                    throw ChangeLogError(.notUTF8, "inserted text that is not UTF-8", offset: start)
                }
                edits.append(.insert(at: index, text: text))
            }
        }
        return edits
    }

    private mutating func count(upTo limit: Int, of what: String) throws(ChangeLogError) -> Int {
        let start = offset
        let value = try varint()
        guard let count = Int(exactly: value), count <= limit else {
            throw ChangeLogError(.tooLarge, "\(value) \(what), at most \(limit) are allowed", offset: start)
        }
        return count
    }
}
