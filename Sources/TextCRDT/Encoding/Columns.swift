/// Values of one kind, one after the other: unsigned LEB128.
struct ColumnWriter {
    private(set) var bytes: [UInt8] = []

    mutating func byte(_ value: UInt8) { bytes.append(value) }

    mutating func number(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(truncatingIfNeeded: rest))
    }

    mutating func number(_ value: Int) { number(UInt64(value)) }

    mutating func signed(_ value: Int) { number(UInt64(bitPattern: Int64(value << 1 ^ value >> 63))) }

    mutating func append(_ more: some Sequence<UInt8>) { bytes.append(contentsOf: more) }

    /// Puts a column behind its length, by DEFLATE where that is shorter.
    mutating func column(_ column: [UInt8], isCompressed: Bool) {
        let packed = isCompressed && column.count > 16 ? Deflate.compressed(column) : nil
        number(UInt64(column.count) << 1 | (packed == nil ? 0 : 1))
        if let packed { number(packed.count) }
        append(packed ?? column)
    }
}

/// Reads what `ColumnWriter` wrote. It never reads beyond the end: it is broken from then on, and gives zeroes.
struct ColumnReader {
    /// Longest column, in bytes, that a reader sets memory aside for.
    static let longest = 1 << 26

    private let bytes: UnsafeBufferPointer<UInt8>
    private var place = 0
    private(set) var isBroken = false

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { place == bytes.count }

    mutating func byte() -> UInt8 {
        guard place < bytes.count else {
            isBroken = true
            return 0
        }
        place += 1
        return bytes[place - 1]
    }

    @inline(__always)
    mutating func number() -> UInt64 {
        if place < bytes.count, bytes[place] < 0x80 {
            place += 1
            return UInt64(bytes[place - 1])
        }
        if place + 1 < bytes.count, bytes[place + 1] &- 1 < 0x7f {
            place += 2
            return UInt64(bytes[place - 1]) << 7 | UInt64(bytes[place - 2] & 0x7f)
        }
        return longNumber()
    }

    private mutating func longNumber() -> UInt64 {
        var (value, shift): (UInt64, UInt64) = (0, 0)
        while true {
            let byte = byte()
            // The tenth byte has room for one bit, and the last one is no zero.
            if isBroken || shift == 63 && byte > 1 || shift > 0 && byte == 0 {
                isBroken = true
                return 0
            }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
    }

    /// A number of things, below a limit.
    @inline(__always)
    mutating func count(below limit: Int) -> Int {
        let value = number()
        if value < limit { return Int(value) }
        isBroken = true
        return 0
    }

    @inline(__always)
    mutating func signed() -> Int {
        let value = number()
        return Int(Int64(bitPattern: value >> 1)) ^ -Int(value & 1)
    }

    /// What is left.
    mutating func rest() -> UnsafeBufferPointer<UInt8> { take(bytes.count - place) }

    mutating func take(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        guard count <= bytes.count - place else {
            isBroken = true
            return UnsafeBufferPointer(rebasing: bytes[0..<0])
        }
        place += count
        return UnsafeBufferPointer(rebasing: bytes[place - count..<place])
    }

    mutating func column(_ inflater: inout Inflater) -> Column {
        let header = number()
        let size = header >> 1
        guard size <= Self.longest else {
            isBroken = true
            return Column()
        }
        if header & 1 == 0 { return Column(found: take(Int(size))) }
        let packed = take(count(below: bytes.count))
        guard !isBroken, let column = inflater.bytes(packed, count: Int(size)) else {
            isBroken = true
            return Column()
        }
        return Column(made: column)
    }
}

/// The bytes of a column: as they stand in the file, or what was made of them.
struct Column {
    private let found: UnsafeBufferPointer<UInt8>
    private let made: [UInt8]?

    init() { self.init(found: UnsafeBufferPointer(start: nil, count: 0)) }

    init(found: UnsafeBufferPointer<UInt8>) { (self.found, made) = (found, nil) }

    init(made: [UInt8]) { (found, self.made) = (UnsafeBufferPointer(start: nil, count: 0), made) }

    var count: Int { made?.count ?? found.count }

    var array: [UInt8] { made ?? Array(found) }

    func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) throws -> Result) rethrows -> Result {
        if let made { return try made.withUnsafeBufferPointer(body) }
        return try body(found)
    }
}
