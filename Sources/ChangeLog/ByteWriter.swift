/// Where the parts of a change are written: the canonical form and the form on the wire differ only
/// in how ids and names are put down.
public protocol ChangeSink {
    mutating func put(byte: UInt8)
    mutating func put(bytes: [UInt8])
    mutating func put(varint: UInt64)
    mutating func put(record: RecordID)
    mutating func put(name: String)
    mutating func put(change: ChangeID)
}

/// Appends the canonical form: ids whole, names as length and UTF-8.
///
/// | form | bytes |
/// |---|---|
/// | varint | LEB128, unsigned, little end first, at most 10 bytes, the shortest form only |
/// | zigzag | a signed number n as varint of (n << 1) ^ (n >> 63) |
/// | id | 16 bytes, most significant first |
/// | name | varint length, then ASCII |
/// | change id | id of the replica, varint number |
public struct ByteWriter: ChangeSink, Sendable {
    public private(set) var bytes: [UInt8] = []

    /// - Parameter capacity: how many bytes are expected.
    public init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

    public mutating func put(byte: UInt8) { bytes.append(byte) }
    public mutating func put(bytes more: [UInt8]) { bytes.append(contentsOf: more) }
    public mutating func put(record: RecordID) { put(id: record.bits) }

    /// Most significant byte first.
    public mutating func put(word: UInt64) {
        withUnsafeBytes(of: word.bigEndian) { bytes.append(contentsOf: $0) }
    }

    public mutating func put(id: Identifier128) {
        put(word: id.high)
        put(word: id.low)
    }

    public mutating func put(varint value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    public mutating func put(name: String) {
        put(varint: UInt64(name.utf8.count))
        bytes.append(contentsOf: name.utf8)
    }

    public mutating func put(change: ChangeID) {
        put(id: change.replica.bits)
        put(varint: change.number)
    }
}

/// A signed number as an unsigned one whose size follows its magnitude, and back.
public enum ZigZag {
    public static func encode(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: value << 1) ^ UInt64(bitPattern: value >> 63)
    }

    public static func decode(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }
}
