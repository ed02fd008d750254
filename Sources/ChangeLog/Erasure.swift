import TextCRDT

/// That something of a change was erased, as the server says it in the audience of that change.
///
/// It tells where and how much, never what: whoever holds the change comes to the same remains, and nobody can put
/// other words in anybody's mouth with it.
public struct Erasure: Hashable, Sendable {
    /// The change that something is erased of.
    public let change: ChangeID
    public let marks: [ErasureMark]

    /// So many changes before and behind one in its chain may have a seed in common with it.
    public static let reach = 4096

    public init(of change: ChangeID, _ marks: [ErasureMark]) {
        self.change = change
        self.marks = marks
    }

    /// How the server writes it: a record of its own for each change, to which marks are added.
    public func operations(_ hash: HashFunction) -> [Operation] {
        let key = RecordKey([.bytes(change.replica.bytes + change.number.bigEndianBytes)])
        let id = key.record(kind: Roster.erasure, hash: hash)
        return [.create(id, kind: Roster.erasure, parent: nil, key: key)]
            + marks.map { .write(id, Roster.erasureMarks, .appendOnly, $0.value) }
    }

    /// The erasures that the operations of one change tell of, each in the form of `operations`; marks of a newer
    /// form are passed over.
    public static func all(in operations: [Operation], hash: HashFunction) -> [Erasure] {
        var targets: [RecordID: ChangeID] = [:]
        var marks: [ChangeID: [ErasureMark]] = [:]
        var order: [ChangeID] = []
        for operation in operations {
            switch operation {
            case .create(let record, Roster.erasure, _, let key?):
                guard key.record(kind: Roster.erasure, hash: hash) == record,
                    case .bytes(let bytes)? = key.values.first, let change = ChangeID(erased: bytes)
                else { break }
                targets[record] = change
                order.append(change)
            case .write(let record, Roster.erasureMarks, .appendOnly, let value):
                guard let change = targets[record], let mark = ErasureMark(value) else { break }
                marks[change, default: []].append(mark)
            default: break
            }
        }
        return order.map { Erasure(of: $0, marks[$0] ?? []) }
    }
}

/// One place in the contents of a change.
public struct ErasureMark: Hashable, Sendable {
    /// Which operation, from 0.
    public let operation: Int
    /// Inside it: of a value the places in lists within lists, none for the value itself; of an edit of a text which
    /// of its edits.
    public let path: [Int]
    /// Of a text which scalar is the first, and how many there are; 0 of any other value.
    public let start: Int
    public let count: Int

    public init(operation: Int, path: [Int], start: Int = 0, count: Int = 0) {
        self.operation = operation
        self.path = path
        self.start = start
        self.count = count
    }

    /// A list of four: operation, list of the path, first scalar, number of scalars.
    public var value: Value {
        .list([
            .integer(Int64(operation)), .list(path.map { .integer(Int64($0)) }), .integer(Int64(start)),
            .integer(Int64(count)),
        ])
    }

    /// nil for a value of another shape.
    public init?(_ value: Value) {
        guard let parts = value.list, parts.count == 4, let operation = parts[0].index,
            let list = parts[1].list, let start = parts[2].index, let count = parts[3].index
        else { return nil }
        let path = list.compactMap(\.index)
        guard path.count == list.count else { return nil }
        self.init(operation: operation, path: path, start: start, count: count)
    }
}

extension Change {
    /// What is left once these places are erased: an asterisk for each scalar of a text, and null for any other value.
    /// A place that is not there changes nothing; erased twice is erased once.
    public func erasing(_ marks: [ErasureMark], hash: HashFunction) -> Change {
        var operations = operations
        for mark in marks where operations.indices.contains(mark.operation) {
            operations[mark.operation] = operations[mark.operation].erasing(mark)
        }
        guard operations != self.operations else { return self }
        return Change(
            envelope: envelope, salt: .erased(commitment: Chain.commitment(of: self, hash: hash)),
            operations: operations)
    }
}

extension Operation {
    /// Of an edit of a text, which of its edits insert, and how many scalars each.
    public var insertions: [(edit: Int, scalars: Int)] {
        guard case .edit(_, _, _, let edits) = self else { return [] }
        return edits.enumerated().compactMap { index, edit in
            if case .insert(_, let text) = edit { (index, text.unicodeScalars.count) } else { nil }
        }
    }

    fileprivate func erasing(_ mark: ErasureMark) -> Operation {
        switch self {
        case .write(let record, let field, let policy, let value):
            return .write(record, field, policy, value.erasing(mark, mark.path[...]))
        case .resolve(let record, let field, let policy, .value(let value), let settling):
            let choice = Choice.value(value.erasing(mark, mark.path[...]))
            return .resolve(record, field, policy, choice, settling: settling)
        case .insert(let record, let field, let value):
            return .insert(record, field, value.erasing(mark, mark.path[...]))
        case .take(let record, let field, let value):
            return .take(record, field, value.erasing(mark, mark.path[...]))
        case .edit(let record, let field, let check, var edits):
            guard let place = mark.path.first, mark.path.count == 1, edits.indices.contains(place),
                case .insert(let index, let text) = edits[place]
            else { return self }
            edits[place] = .insert(at: index, text: text.erasing(mark))
            return .edit(record, field, check: check, edits)
        case .create, .remove, .restore, .resolve, .accept: return self
        }
    }
}

extension Value {
    /// A whole number from 0 that fits a place in memory.
    fileprivate var index: Int? { integer.flatMap { $0 < 0 ? nil : Int(exactly: $0) } }

    fileprivate func erasing(_ mark: ErasureMark, _ path: ArraySlice<Int>) -> Value {
        guard let next = path.first else { return erased(mark) }
        guard case .list(var values) = self, values.indices.contains(next) else { return self }
        values[next] = values[next].erasing(mark, path.dropFirst())
        return .list(values)
    }

    /// A list keeps its shape, so that later marks find their places: each of its values has its own mark.
    private func erased(_ mark: ErasureMark) -> Value {
        switch self {
        case .text(let text): .text(text.erasing(mark))
        case .list: self
        default: .null
        }
    }
}

extension String {
    /// As long as before in scalars, and not longer in bytes.
    fileprivate func erasing(_ mark: ErasureMark) -> String {
        let scalars = unicodeScalars
        let start = scalars.index(scalars.startIndex, offsetBy: mark.start, limitedBy: scalars.endIndex)
        guard let start else { return self }
        let end = scalars.index(start, offsetBy: mark.count, limitedBy: scalars.endIndex) ?? scalars.endIndex
        var text = scalars
        let stars = repeatElement("*" as Unicode.Scalar, count: scalars.distance(from: start, to: end))
        text.replaceSubrange(start..<end, with: stars)
        return String(text)
    }
}

extension ChangeID {
    fileprivate init?(erased bytes: [UInt8]) {
        guard bytes.count == 24, let bits = Identifier128(bytes: Array(bytes.prefix(16))) else { return nil }
        let number = bytes.suffix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
        guard number > 0 else { return nil }
        self.init(replica: ReplicaID(bits), number: number)
    }
}
