/// A set of scalars by number, one bit for each up to the highest that was ever in it.
struct ScalarSet: Sendable {
    private var words: [UInt64] = []

    init() {}

    /// What some deletions took away, of so many scalars; none of them is foreign.
    init(of deletions: [EditLog.Deletion], below count: Int) {
        if deletions.isEmpty { return }
        grow(to: count)
        words.withUnsafeMutableBufferPointer { words in
            for record in deletions {
                var start = Int(record.scalar)
                let end = start + Int(record.count)
                while start < end {
                    let part = min(end, (start | 63) + 1)
                    words[start >> 6] |= Self.mask(start, part)
                    start = part
                }
            }
        }
    }

    /// Makes room for numbers below `count`.
    mutating func grow(to count: Int) {
        let needed = (count + 63) / 64
        if words.count < needed {
            words.append(contentsOf: repeatElement(0, count: needed - words.count))
        }
    }

    func contains(_ scalar: Int) -> Bool { word(scalar >> 6) >> UInt64(scalar & 63) & 1 == 1 }

    mutating func insert(_ range: Range<Int>) {
        grow(to: range.upperBound)
        change(range) { $0 | $1 }
    }

    mutating func remove(_ range: Range<Int>) {
        change(range.clamped(to: 0..<words.count << 6)) { $0 & ~$1 }
    }

    @inline(__always)
    private mutating func change(_ range: Range<Int>, _ combine: (UInt64, UInt64) -> UInt64) {
        var start = range.lowerBound
        while start < range.upperBound {
            let word = start >> 6
            let end = min(range.upperBound, (word + 1) << 6)
            words[word] = combine(words[word], Self.mask(start, end))
            start = end
        }
    }

    /// The bits of a stretch within one word.
    @inline(__always)
    private static func mask(_ start: Int, _ end: Int) -> UInt64 {
        (UInt64.max >> UInt64(64 - (end - start))) << UInt64(start & 63)
    }

    @inline(__always)
    private func word(_ index: Int) -> UInt64 { index < words.count ? words[index] : 0 }

    /// The end of the stretch from `start` on, within `limit`, that is all in the set or all outside of it.
    func end(ofStretchFrom start: Int, limit: Int) -> Int {
        words.withUnsafeBufferPointer { words in
            Self.end(ofStretchFrom: start, Self.contains(start, words), limit: limit, words)
        }
    }

    /// Calls `body` with the stretches of a range that are in the set, or outside of it.
    @inline(__always)
    func forEachStretch(of range: Range<Int>, _ body: (Range<Int>, Bool) -> Void) {
        words.withUnsafeBufferPointer { words in
            var start = range.lowerBound
            while start < range.upperBound {
                let isMember = Self.contains(start, words)
                let end = Self.end(ofStretchFrom: start, isMember, limit: range.upperBound, words)
                body(Range(uncheckedBounds: (start, end)), isMember)
                start = end
            }
        }
    }

    @inline(__always)
    private static func contains(_ scalar: Int, _ words: UnsafeBufferPointer<UInt64>) -> Bool {
        scalar >> 6 < words.count && words[scalar >> 6] >> UInt64(truncatingIfNeeded: scalar & 63) & 1 == 1
    }

    @inline(__always)
    private static func end(
        ofStretchFrom start: Int, _ isMember: Bool, limit: Int, _ words: UnsafeBufferPointer<UInt64>
    ) -> Int {
        let flip: UInt64 = isMember ? .max : 0
        var index = start
        while index < limit {
            if index >> 6 >= words.count { return isMember ? index : limit }
            let rest = (words[index >> 6] ^ flip) &>> UInt64(truncatingIfNeeded: index)
            if rest != 0 { return min(limit, index + rest.trailingZeroBitCount) }
            index = (index | 63) + 1
        }
        return limit
    }

    func count(in range: Range<Int>) -> Int {
        var (start, count) = (range.lowerBound, 0)
        while start < range.upperBound {
            let end = min(range.upperBound, (start | 63) + 1)
            count += (word(start >> 6) & Self.mask(start, end)).nonzeroBitCount
            start = end
        }
        return count
    }
}
