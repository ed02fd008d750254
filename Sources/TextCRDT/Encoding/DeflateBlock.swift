/// One block of DEFLATE with codes of its own.
struct DeflateBlock {
    private let tokens: [UInt32]
    private let literals: HuffmanCode
    private let distances: HuffmanCode

    init(_ tokens: [UInt32]) {
        self.tokens = tokens
        var literalCounts = [Int](repeating: 0, count: 286)
        var distanceCounts = [Int](repeating: 0, count: 30)
        literalCounts[256] = 1
        for token in tokens {
            if token < 256 {
                literalCounts[Int(token)] += 1
            } else {
                literalCounts[257 + Self.code(Int(token >> 16), Inflate.lengthBases)] += 1
                distanceCounts[Self.code(Int(token & 0xffff), Inflate.distanceBases)] += 1
            }
        }
        literals = HuffmanCode(literalCounts, longest: 15)
        distances = HuffmanCode(distanceCounts, longest: 15)
    }

    private static func code(_ value: Int, _ bases: [UInt16]) -> Int {
        bases.partitioningIndex { $0 > value } - 1
    }

    func write(isLast: Bool, to output: inout BitWriter) {
        output.write(isLast ? 1 : 0, 1)
        output.write(2, 2)
        writeCodes(to: &output)
        for token in tokens {
            if token < 256 {
                literals.write(Int(token), to: &output)
                continue
            }
            let (length, distance) = (Int(token >> 16), Int(token & 0xffff))
            let lengthCode = Self.code(length, Inflate.lengthBases)
            literals.write(257 + lengthCode, to: &output)
            output.write(
                length - Int(Inflate.lengthBases[lengthCode]), Int(Inflate.lengthExtras[lengthCode]))
            let distanceCode = Self.code(distance, Inflate.distanceBases)
            distances.write(distanceCode, to: &output)
            output.write(
                distance - Int(Inflate.distanceBases[distanceCode]),
                Int(Inflate.distanceExtras[distanceCode]))
        }
        literals.write(256, to: &output)
    }

    private func writeCodes(to output: inout BitWriter) {
        let literalCount = max(257, (literals.lengths.lastIndex { $0 > 0 } ?? 0) + 1)
        let distanceCount = max(1, (distances.lengths.lastIndex { $0 > 0 } ?? 0) + 1)
        let runs = Self.runs(literals.lengths[..<literalCount] + distances.lengths[..<distanceCount])
        var counts = [Int](repeating: 0, count: 19)
        for run in runs { counts[run.symbol] += 1 }
        let code = HuffmanCode(counts, longest: 7)
        let used = max(4, (Inflate.lengthOrder.lastIndex { code.lengths[$0] > 0 } ?? 0) + 1)
        output.write(literalCount - 257, 5)
        output.write(distanceCount - 1, 5)
        output.write(used - 4, 4)
        for index in Inflate.lengthOrder[..<used] { output.write(Int(code.lengths[index]), 3) }
        for run in runs {
            code.write(run.symbol, to: &output)
            output.write(run.extra, run.symbol == 16 ? 2 : run.symbol == 17 ? 3 : run.symbol == 18 ? 7 : 0)
        }
    }

    /// Lengths as symbols: themselves, or repetitions.
    private static func runs(_ lengths: ArraySlice<UInt8>) -> [(symbol: Int, extra: Int)] {
        var runs: [(symbol: Int, extra: Int)] = []
        var index = lengths.startIndex
        while index < lengths.endIndex {
            let length = lengths[index]
            var count = 1
            while index + count < lengths.endIndex, lengths[index + count] == length { count += 1 }
            index += count
            if length > 0 {
                runs.append((Int(length), 0))
                count -= 1
            }
            while count >= 3 {
                let taken = min(count, length > 0 ? 6 : 138)
                if length > 0 {
                    runs.append((16, taken - 3))
                } else {
                    runs.append(taken < 11 ? (17, taken - 3) : (18, taken - 11))
                }
                count -= taken
            }
            for _ in 0..<count { runs.append((Int(length), 0)) }
        }
        return runs
    }
}

/// A canonical prefix code.
struct HuffmanCode {
    private(set) var lengths: [UInt8]
    private var codes: [Int]

    /// `longest` is the length that no code may exceed, in bits.
    init(_ counts: [Int], longest: Int) {
        lengths = Self.lengths(counts, longest: longest)
        codes = [Int](repeating: 0, count: counts.count)
        var code = 0
        for length in 1...longest {
            for symbol in counts.indices where lengths[symbol] == length {
                for bit in 0..<length where code >> bit & 1 == 1 { codes[symbol] |= 1 << (length - 1 - bit) }
                code += 1
            }
            code <<= 1
        }
    }

    func write(_ symbol: Int, to output: inout BitWriter) {
        output.write(codes[symbol], Int(lengths[symbol]))
    }

    /// Source: Larmore & Hirschberg, "A Fast Algorithm for Optimal Length-Limited Huffman Codes" (1990):
    /// coins of each width are packed in pairs and handed to the next width.
    private static func lengths(_ counts: [Int], longest: Int) -> [UInt8] {
        struct Coin {
            var weight: Int
            var symbols: [Int]
        }
        var lengths = [UInt8](repeating: 0, count: counts.count)
        let singles = counts.indices.filter { counts[$0] > 0 }
            .map { Coin(weight: counts[$0], symbols: [$0]) }
            .sorted { ($0.weight, $0.symbols[0]) < ($1.weight, $1.symbols[0]) }
        guard singles.count > 1 else {
            // A code of one symbol still takes a bit.
            if let only = singles.first { lengths[only.symbols[0]] = 1 }
            return lengths
        }
        var coins = singles
        for _ in 1..<longest {
            var packed: [Coin] = []
            for index in stride(from: 0, to: coins.count - 1, by: 2) {
                packed.append(
                    Coin(
                        weight: coins[index].weight + coins[index + 1].weight,
                        symbols: coins[index].symbols + coins[index + 1].symbols))
            }
            // Both are sorted; of equal ones the single comes first.
            var merged: [Coin] = []
            var (one, other) = (0, 0)
            while one < singles.count || other < packed.count {
                if other == packed.count
                    || one < singles.count && singles[one].weight <= packed[other].weight
                {
                    merged.append(singles[one])
                    one += 1
                } else {
                    merged.append(packed[other])
                    other += 1
                }
            }
            coins = merged
        }
        for coin in coins[..<(2 * singles.count - 2)] {
            for symbol in coin.symbols { lengths[symbol] += 1 }
        }
        return lengths
    }
}
