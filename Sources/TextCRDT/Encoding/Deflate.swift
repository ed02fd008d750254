/// Writes DEFLATE (RFC 1951): equal bytes give equal bytes, whatever the machine.
enum Deflate {
    /// Most symbols in one block.
    private static let blockSize = 1 << 15
    private static let window = 1 << 15
    /// How many earlier places are tried for each match.
    private static let depth = 64

    static func bytes(_ input: [UInt8]) -> [UInt8] {
        var output = BitWriter()
        var tokens: [UInt32] = []
        var matcher = Matcher(input)
        repeat {
            tokens.removeAll(keepingCapacity: true)
            while tokens.count < Self.blockSize, let token = matcher.next() { tokens.append(token) }
            DeflateBlock(tokens).write(isLast: matcher.isAtEnd, to: &output)
        } while !matcher.isAtEnd
        return output.finished()
    }

    /// Finds matches, each a token of length << 16 | distance; a literal is its byte.
    private struct Matcher {
        private let input: [UInt8]
        private var place = 0
        private var heads = [Int32](repeating: -1, count: 1 << 15)
        private var previous: [Int32]
        /// A match that a longer one may take the place of.
        private var pending: (length: Int, distance: Int)?

        init(_ input: [UInt8]) {
            self.input = input
            previous = [Int32](repeating: -1, count: input.count)
        }

        var isAtEnd: Bool { place >= input.count && pending == nil }

        mutating func next() -> UInt32? {
            guard place < input.count else { return nil }
            let found = pending ?? longest(at: place)
            pending = nil
            guard found.length >= 4 else { return literal() }
            record(place)
            if found.length < 64 {
                let later = longest(at: place + 1)
                if later.length > found.length {
                    pending = later
                    place += 1
                    return UInt32(input[place - 1])
                }
            }
            for skipped in place + 1..<place + found.length { record(skipped) }
            place += found.length
            return UInt32(found.length << 16 | found.distance)
        }

        private mutating func literal() -> UInt32 {
            record(place)
            place += 1
            return UInt32(input[place - 1])
        }

        private func hash(_ place: Int) -> Int {
            let word =
                UInt32(input[place]) | UInt32(input[place + 1]) << 8 | UInt32(input[place + 2]) << 16
                | UInt32(input[place + 3]) << 24
            return Int((word &* 0x9e37_79b1) >> 17)
        }

        private mutating func record(_ place: Int) {
            guard place + 4 <= input.count else { return }
            let hash = hash(place)
            previous[place] = heads[hash]
            heads[hash] = Int32(place)
        }

        private func longest(at place: Int) -> (length: Int, distance: Int) {
            guard place + 4 <= input.count else { return (0, 0) }
            let limit = min(258, input.count - place)
            var best = (length: 0, distance: 0)
            var candidate = Int(heads[hash(place)])
            var tries = Deflate.depth
            while candidate >= 0, place - candidate <= Deflate.window - 1, tries > 0 {
                var length = 0
                while length < limit, input[candidate + length] == input[place + length] { length += 1 }
                if length > best.length { best = (length, place - candidate) }
                if length == limit { break }
                candidate = Int(previous[candidate])
                tries -= 1
            }
            return best
        }
    }
}

/// Bits from the lowest up.
struct BitWriter {
    private var bytes: [UInt8] = []
    private var bits: UInt64 = 0
    private var count = 0

    mutating func write(_ value: Int, _ width: Int) {
        bits |= UInt64(value) << UInt64(count)
        count += width
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: bits))
            bits >>= 8
            count -= 8
        }
    }

    consuming func finished() -> [UInt8] {
        if count > 0 { bytes.append(UInt8(truncatingIfNeeded: bits)) }
        return bytes
    }
}
