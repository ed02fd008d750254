/// Where the parts of a change are read from.
public protocol ChangeSource {
    /// Offset of the next byte, for errors.
    var offset: Int { get }
    mutating func byte() throws(ChangeLogError) -> UInt8
    mutating func bytes(_ count: Int) throws(ChangeLogError) -> [UInt8]
    mutating func varint() throws(ChangeLogError) -> UInt64
    mutating func record() throws(ChangeLogError) -> RecordID
    mutating func name() throws(ChangeLogError) -> String
    mutating func change() throws(ChangeLogError) -> ChangeID
}

/// Reads the canonical form that `ByteWriter` writes; total: any bytes give a value or an error.
public struct ByteReader: ChangeSource, Sendable {
    private let storage: [UInt8]
    public private(set) var offset: Int
    private let end: Int

    public init(_ bytes: [UInt8]) {
        storage = bytes
        offset = 0
        end = bytes.count
    }

    public var remaining: Int { end - offset }

    public mutating func byte() throws(ChangeLogError) -> UInt8 {
        guard offset < end else { throw truncated(1) }
        defer { offset += 1 }
        return storage[offset]
    }

    public mutating func bytes(_ count: Int) throws(ChangeLogError) -> [UInt8] { Array(try slice(count)) }

    /// The next bytes where they are.
    private mutating func slice(_ count: Int) throws(ChangeLogError) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw truncated(count) }
        defer { offset += count }
        return storage[offset..<offset + count]
    }

    public mutating func varint() throws(ChangeLogError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for index in 0..<10 {
            let next = try byte()
            if index == 9, next > 1 {
                throw ChangeLogError(.malformed, "a number above 64 bits", offset: start)
            }
            value |= UInt64(next & 0x7f) << UInt64(7 * index)
            if next & 0x80 == 0 {
                if next == 0, index > 0 {
                    throw ChangeLogError(.malformed, "a number in a longer form than needed", offset: start)
                }
                return value
            }
        }
        throw ChangeLogError(.malformed, "a number of more than 10 bytes", offset: start)
    }

    /// A varint that counts things of which each takes at least one byte, at most `limit`.
    public mutating func count(limit: Int) throws(ChangeLogError) -> Int {
        let start = offset
        let value = try varint()
        guard let count = Int(exactly: value), count <= limit else {
            throw ChangeLogError(.tooLarge, "\(value) entries, at most \(limit) are allowed", offset: start)
        }
        return count
    }

    public mutating func id() throws(ChangeLogError) -> Identifier128 {
        guard let id = Identifier128(bytes: try slice(16)) else { throw truncated(16) }
        return id
    }

    public mutating func hash() throws(ChangeLogError) -> ChangeHash {
        guard let hash = ChangeHash(bytes: try slice(32)) else { throw truncated(32) }
        return hash
    }

    /// Eight bytes, most significant first.
    public mutating func word() throws(ChangeLogError) -> UInt64 {
        try slice(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    public mutating func record() throws(ChangeLogError) -> RecordID { RecordID(try id()) }

    public mutating func name() throws(ChangeLogError) -> String {
        let length = try count(limit: Limits.nameBytes)
        return try utf8(length)
    }

    public mutating func change() throws(ChangeLogError) -> ChangeID {
        let replica = ReplicaID(try id())
        let start = offset
        let number = try varint()
        guard number > 0 else {
            throw ChangeLogError(.malformed, "change numbers begin at 1", offset: start)
        }
        return ChangeID(replica: replica, number: number)
    }

    /// This many bytes, which must be valid UTF-8.
    public mutating func utf8(_ count: Int) throws(ChangeLogError) -> String {
        let start = offset
        guard let text = String(validating: try slice(count), as: UTF8.self) else {
            throw ChangeLogError(.notUTF8, "text that is not UTF-8", offset: start)
        }
        return text
    }

    /// Throws unless everything has been read.
    public func finish() throws(ChangeLogError) {
        guard remaining == 0 else {
            throw ChangeLogError(.trailing, "\(remaining) bytes too many", offset: offset)
        }
    }

    private func truncated(_ wanted: Int) -> ChangeLogError {
        ChangeLogError(.truncated, "\(wanted) bytes wanted, \(remaining) left", offset: offset)
    }
}
