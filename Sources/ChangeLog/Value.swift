/// What a field holds.
///
/// Two values are equal exactly when their canonical bytes are: text is compared by UTF-8 bytes, not
/// by Swift's canonical equivalence, so NFC and NFD are two values.
public enum Value: Sendable {
    case null
    case boolean(Bool)
    case integer(Int64)
    case text(String)
    /// Days since 1970-01-01 in the proleptic Gregorian calendar.
    case date(Int32)
    /// Milliseconds since 1970 UTC.
    case instant(Int64)
    case record(RecordID)
    case bytes([UInt8])
    case list([Value])
    /// A value of a newer version: kept and handed on, byte for byte.
    case unknown(tag: UInt8, bytes: [UInt8])
}

extension Value: Hashable {
    public static func == (left: Value, right: Value) -> Bool {
        left.canonicalBytes == right.canonicalBytes
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(canonicalBytes)
    }
}

extension Value {
    public var canonicalBytes: [UInt8] {
        var writer = ByteWriter()
        writer.put(self)
        return writer.bytes
    }

    public var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    public var record: RecordID? {
        if case .record(let record) = self { record } else { nil }
    }

    public var list: [Value]? {
        if case .list(let values) = self { values } else { nil }
    }

    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    public var boolean: Bool? {
        if case .boolean(let truth) = self { truth } else { nil }
    }

    public var date: Int32? {
        if case .date(let days) = self { days } else { nil }
    }

    public var instant: Int64? {
        if case .instant(let milliseconds) = self { milliseconds } else { nil }
    }

    public var isNull: Bool {
        if case .null = self { true } else { false }
    }
}
