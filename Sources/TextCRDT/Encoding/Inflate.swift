/// Reads DEFLATE (RFC 1951), total and within a size that the caller knows.
///
/// Nothing is believed: a code that is none, a distance that reaches before the start and an output of
/// another size than `count` give nil.
enum Inflate {
    static func bytes(_ input: UnsafeBufferPointer<UInt8>, count: Int) -> [UInt8]? {
        var isWhole = false
        let output = [UInt8](unsafeUninitializedCapacity: count) { output, written in
            var stream = InflateStream(input: input, output: output, limit: count)
            isWhole = stream.run() && stream.written == count
            written = stream.written
        }
        return isWhole ? output : nil
    }

    static let lengthBases: [UInt16] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163,
        195, 227, 258,
    ]
    static let lengthExtras: [UInt8] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    static let distanceBases: [UInt16] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073,
        4097, 6145, 8193, 12289, 16385, 24577,
    ]
    static let distanceExtras: [UInt8] = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
    ]
    /// In which order the lengths of the codes for lengths stand.
    static let lengthOrder: [Int] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
}

private struct InflateStream {
    let input: UnsafeBufferPointer<UInt8>
    let output: UnsafeMutableBufferPointer<UInt8>
    let limit: Int
    private(set) var written = 0
    private var place = 0
    private var bits: UInt64 = 0
    private var available = 0

    init(input: UnsafeBufferPointer<UInt8>, output: UnsafeMutableBufferPointer<UInt8>, limit: Int) {
        self.input = input
        self.output = output
        self.limit = limit
    }

    /// Whether all blocks were read.
    mutating func run() -> Bool {
        while true {
            refill()
            let isLast = take(1) == 1
            let isRead =
                switch take(2) {
                case 0: stored()
                case 1:
                    compressed(
                        InflateTable(Self.fixedLengths), InflateTable([UInt8](repeating: 5, count: 30)))
                case 2: dynamic()
                default: false
                }
            guard isRead, available >= 0 else { return false }
            if isLast { return true }
        }
    }

    private static let fixedLengths: [UInt8] = (0..<288).map { symbol in
        symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8
    }

    /// Makes sure of 56 bits; behind the end zeroes come, and `available` tells later that there were none.
    @inline(__always)
    private mutating func refill() {
        if available >= 0, input.count - place >= 8, let base = input.baseAddress {
            let next = UnsafeRawPointer(base + place).loadUnaligned(as: UInt64.self)
            bits |= UInt64(littleEndian: next) << UInt64(available)
            place += (63 - available) >> 3
            available |= 56
            return
        }
        while available <= 56, place < input.count {
            bits |= UInt64(input[place]) << UInt64(available)
            place += 1
            available += 8
        }
    }

    @inline(__always)
    private mutating func take(_ count: Int) -> Int {
        let value = Int(bits & (1 << UInt64(count) - 1))
        bits >>= UInt64(count)
        available -= count
        return value
    }

    private mutating func stored() -> Bool {
        _ = take(max(0, available) & 7)
        refill()
        let count = take(16)
        guard count == ~take(16) & 0xffff, available >= 0, count <= limit - written else { return false }
        for _ in 0..<count {
            refill()
            output[written] = UInt8(take(8))
            written += 1
        }
        return available >= 0
    }

    private mutating func dynamic() -> Bool {
        let (literals, distances, codes) = (take(5) + 257, take(5) + 1, take(4) + 4)
        guard literals <= 286, distances <= 30 else { return false }
        var lengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<codes {
            refill()
            lengths[Inflate.lengthOrder[index]] = UInt8(take(3))
        }
        guard let table = InflateTable(lengths) else { return false }
        var all: [UInt8] = []
        while all.count < literals + distances {
            refill()
            guard let symbol = table.entries.withUnsafeBufferPointer({ decode(table, $0) }), available >= 0
            else { return false }
            switch symbol {
            case 0..<16: all.append(UInt8(symbol))
            case 16:
                guard let last = all.last else { return false }
                all.append(contentsOf: repeatElement(last, count: 3 + take(2)))
            case 17: all.append(contentsOf: repeatElement(0, count: 3 + take(3)))
            default: all.append(contentsOf: repeatElement(0, count: 11 + take(7)))
            }
        }
        guard all.count == literals + distances else { return false }
        return compressed(InflateTable(Array(all[..<literals])), InflateTable(Array(all[literals...])))
    }

    @inline(__always)
    private mutating func decode(_ table: InflateTable, _ quick: UnsafeBufferPointer<UInt16>) -> Int? {
        let entry = quick[Int(bits & UInt64(InflateTable.mask))]
        if entry != 0 {
            _ = take(Int(entry & 15))
            return Int(entry >> 4)
        }
        guard let (symbol, length) = table.long(bits) else { return nil }
        _ = take(length)
        return symbol
    }

    private mutating func compressed(_ literals: InflateTable?, _ distances: InflateTable?) -> Bool {
        guard let literals, let distances else { return false }
        return literals.entries.withUnsafeBufferPointer { quick in
            distances.entries.withUnsafeBufferPointer { near in
                compressed(literals, quick, distances, near)
            }
        }
    }

    private mutating func compressed(
        _ literals: InflateTable, _ quick: UnsafeBufferPointer<UInt16>, _ distances: InflateTable,
        _ near: UnsafeBufferPointer<UInt16>
    ) -> Bool {
        while true {
            refill()
            guard let symbol = decode(literals, quick), available >= 0 else { return false }
            if symbol < 256 {
                guard written < limit else { return false }
                output[written] = UInt8(symbol)
                written += 1
                continue
            }
            if symbol == 256 { return true }
            guard symbol < 286, copy(symbol - 257, distances, near) else { return false }
        }
    }

    @inline(__always)
    private mutating func copy(
        _ code: Int, _ distances: InflateTable, _ near: UnsafeBufferPointer<UInt16>
    ) -> Bool {
        let count = Int(Inflate.lengthBases[code]) + take(Int(Inflate.lengthExtras[code]))
        guard let symbol = decode(distances, near), symbol < 30 else { return false }
        let distance = Int(Inflate.distanceBases[symbol]) + take(Int(Inflate.distanceExtras[symbol]))
        guard available >= 0, distance <= written, count <= limit - written else { return false }
        for index in written..<written + count { output[index] = output[index - distance] }
        written += count
        return true
    }
}

/// The codes of one alphabet: short ones by table, long ones by counting.
private struct InflateTable {
    static let width = 10
    static let mask = 1 << width - 1
    /// By the next bits: symbol and length, 0 where the code is longer or none.
    private(set) var entries = [UInt16](repeating: 0, count: 1 << width)
    private var counts = [UInt16](repeating: 0, count: 16)
    private var symbols: [UInt16] = []

    /// nil when more codes are named than there are.
    init?(_ lengths: [UInt8]) {
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        var starts = [0, 0]
        for length in 1...15 {
            left = left * 2 - Int(counts[length])
            if left < 0 { return nil }
            starts.append(starts[length] + Int(counts[length]))
        }
        var next = starts
        symbols = [UInt16](repeating: 0, count: starts[16])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[next[Int(length)]] = UInt16(symbol)
            next[Int(length)] += 1
        }
        var code = 0
        for length in 1...Self.width {
            for index in starts[length]..<starts[length + 1] {
                var place = Self.reversed(code, length)
                while place <= Self.mask {
                    entries[place] = symbols[index] << 4 | UInt16(length)
                    place += 1 << length
                }
                code += 1
            }
            code <<= 1
        }
    }

    static func reversed(_ code: Int, _ length: Int) -> Int {
        var (rest, result) = (code, 0)
        for _ in 0..<length {
            result = result << 1 | rest & 1
            rest >>= 1
        }
        return result
    }

    /// A code bit by bit.
    func long(_ bits: UInt64) -> (symbol: Int, length: Int)? {
        var (code, first, index, bits) = (0, 0, 0, bits)
        for length in 1...15 {
            code |= Int(bits & 1)
            bits >>= 1
            let count = Int(counts[length])
            if code - count < first { return (Int(symbols[index + code - first]), length) }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        return nil
    }
}
