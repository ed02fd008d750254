// The byte form of a value: a varint header (length << 4 | tag), then `length` bytes.
//
// | tag | value | bytes |
// |---|---|---|
// | 0 | null | none |
// | 1 | boolean | none for false, one byte 1 for true |
// | 2 | integer | zigzag varint |
// | 3 | text | UTF-8, as typed: no normal form is imposed |
// | 4 | date | zigzag varint: days since 1970-01-01 |
// | 5 | instant | zigzag varint: milliseconds since 1970 UTC |
// | 6 | record | 16 bytes |
// | 7 | bytes | as they are |
// | 8 | list | the values one after another, at most 8 lists deep |
// | 9–15 | kept as they are: a newer version's |

extension ChangeSink {
    public mutating func put(_ value: Value) {
        let (tag, payload) = value.tagAndPayload
        put(varint: UInt64(payload.count) << 4 | UInt64(tag))
        put(bytes: payload)
    }
}

extension Value {
    fileprivate var tagAndPayload: (UInt8, [UInt8]) {
        switch self {
        case .null: (0, [])
        case .boolean(let truth): (1, truth ? [1] : [])
        case .integer(let number): (2, Self.varint(number))
        case .text(let text): (3, Array(text.utf8))
        case .date(let days): (4, Self.varint(Int64(days)))
        case .instant(let milliseconds): (5, Self.varint(milliseconds))
        case .record(let record): (6, record.bytes)
        case .bytes(let bytes): (7, bytes)
        case .list(let values): (8, values.flatMap(\.canonicalBytes))
        case .unknown(let tag, let bytes): (tag, bytes)
        }
    }

    private static func varint(_ number: Int64) -> [UInt8] {
        var writer = ByteWriter()
        writer.put(varint: ZigZag.encode(number))
        return writer.bytes
    }

    /// Reads one value that takes up all of `bytes`.
    public init(canonicalBytes bytes: [UInt8]) throws(ChangeLogError) {
        var reader = ByteReader(bytes)
        self = try reader.value()
        try reader.finish()
    }

    fileprivate init(tag: UInt8, payload: [UInt8], depth: Int, at offset: Int) throws(ChangeLogError) {
        var reader = ByteReader(payload)
        switch tag {
        case 0: self = .null
        case 1:
            self = .boolean(!payload.isEmpty)
            if !payload.isEmpty, try reader.byte() != 1 {
                throw ChangeLogError(.malformed, "a boolean other than 1", offset: offset)
            }
        case 2: self = .integer(ZigZag.decode(try reader.varint()))
        case 3: self = .text(try reader.utf8(payload.count))
        case 4:
            guard let days = Int32(exactly: ZigZag.decode(try reader.varint())) else {
                throw ChangeLogError(.malformed, "a date beyond 32 bits", offset: offset)
            }
            self = .date(days)
        case 5: self = .instant(ZigZag.decode(try reader.varint()))
        case 6: self = .record(try reader.record())
        case 7: self = .bytes(try reader.bytes(payload.count))
        case 8:
            guard depth < Limits.listDepth else {
                throw ChangeLogError(.tooLarge, "lists more than \(Limits.listDepth) deep", offset: offset)
            }
            var values: [Value] = []
            while reader.remaining > 0 { values.append(try reader.value(depth: depth + 1)) }
            self = .list(values)
        default: self = .unknown(tag: tag, bytes: try reader.bytes(payload.count))
        }
        try reader.finish()
    }
}

extension ChangeSource {
    public mutating func value() throws(ChangeLogError) -> Value { try value(depth: 0) }

    fileprivate mutating func value(depth: Int) throws(ChangeLogError) -> Value {
        let start = offset
        let header = try varint()
        guard let length = Int(exactly: header >> 4), length <= Limits.textBytes else {
            throw ChangeLogError(
                .tooLarge, "a value of \(header >> 4) bytes, at most \(Limits.textBytes) are allowed",
                offset: start)
        }
        return try Value(
            tag: UInt8(truncatingIfNeeded: header & 15), payload: try bytes(length), depth: depth,
            at: start)
    }
}
