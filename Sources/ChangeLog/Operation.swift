public import TextCRDT

/// One step of a change. The case names the merge policy of the field that it touches.
public enum Operation: Hashable, Sendable {
    /// Brings a record into being, or takes its removal back.
    ///
    /// `parent` is what contains it. `key` is the natural key that its id is the hash of, or nil for
    /// a record with a random id.
    case create(RecordID, kind: RecordKind, parent: RecordID?, key: RecordKey?)
    /// Removes a record with all that it contains. `settling` names the changes of a conflict that
    /// this resolves; empty for a plain removal.
    case remove(RecordID, settling: [ChangeID])
    /// Takes a removal back.
    case restore(RecordID, settling: [ChangeID])
    /// Writes a field kept under `policy`: register, quiet, immutable, append-only or decided.
    case write(RecordID, FieldName, WritePolicy, Value)
    /// Resolves a disputed field: the choice replaces exactly the changes that are named.
    case resolve(RecordID, FieldName, WritePolicy, Choice, settling: [ChangeID])
    case insert(RecordID, FieldName, Value)
    case take(RecordID, FieldName, Value)
    /// Edits a text on the version that the change's base describes; `check` is that version's
    /// `TextCheck`.
    case edit(RecordID, FieldName, check: TextCheck, [TextOperation])
    /// Declares that what the named changes wrote in one place may stand together.
    case accept(RecordID, FieldName, settling: [ChangeID])
}

/// The policies of fields that are written whole.
public enum WritePolicy: UInt8, Hashable, Sendable, CaseIterable {
    case register = 1
    case quiet = 2
    case immutable = 3
    case appendOnly = 4
    case decided = 5
}

/// What a resolution puts in the place of the candidates.
public enum Choice: Hashable, Sendable {
    /// The value of this candidate.
    case keep(ChangeID)
    case value(Value)
}

extension Operation {
    public var record: RecordID {
        switch self {
        case .create(let record, _, _, _), .remove(let record, _), .restore(let record, _),
            .write(let record, _, _, _), .resolve(let record, _, _, _, _),
            .insert(let record, _, _), .take(let record, _, _), .edit(let record, _, _, _),
            .accept(let record, _, _):
            record
        }
    }

    /// nil for operations on the record itself.
    public var field: FieldName? {
        switch self {
        case .create, .remove, .restore: nil
        case .write(_, let field, _, _), .resolve(_, let field, _, _, _), .insert(_, let field, _),
            .take(_, let field, _), .edit(_, let field, _, _), .accept(_, let field, _):
            field
        }
    }

    /// The changes that a resolution names.
    public var settling: [ChangeID] {
        switch self {
        case .remove(_, let changes), .restore(_, let changes),
            .resolve(_, _, _, _, let changes), .accept(_, _, let changes):
            changes
        case .create, .write, .insert, .take, .edit: []
        }
    }
}

/// The natural key of a record that two people would both create: its id is the key's hash.
public struct RecordKey: Hashable, Sendable {
    public let values: [Value]

    public init(_ values: [Value]) { self.values = values }

    /// The id of the record of this kind and key: the first 16 bytes of the hash of 0x10, the kind
    /// and the key's values, all in canonical form.
    public func record(kind: RecordKind, hash: HashFunction) -> RecordID {
        var writer = ByteWriter()
        writer.put(byte: 0x10)
        writer.put(name: kind.name)
        writer.put(varint: UInt64(values.count))
        for value in values { writer.put(value) }
        return RecordID(hash(writer.bytes).prefix128)
    }
}
