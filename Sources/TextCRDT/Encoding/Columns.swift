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

    mutating func take(_ count: Int) -> UnsafeBufferPointer<UInt8> {
        guard count <= bytes.count - place else {
            isBroken = true
            return UnsafeBufferPointer(rebasing: bytes[0..<0])
        }
        place += count
        return UnsafeBufferPointer(rebasing: bytes[place - count..<place])
    }

    mutating func column() -> [UInt8] {
        let header = number()
        let size = header >> 1
        guard size <= Self.longest else {
            isBroken = true
            return []
        }
        if header & 1 == 0 { return [UInt8](take(Int(size))) }
        let packed = take(count(below: bytes.count))
        guard !isBroken, let column = Deflate.decompressed(packed, count: Int(size)) else {
            isBroken = true
            return []
        }
        return column
    }
}
