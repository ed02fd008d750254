/// Every scalar that was ever inserted, in order of arrival: UTF-8, found by number.
///
/// As long as all are ASCII a scalar's number is its place. From the first other one on, the place of every
/// 64th scalar is kept, so that a byte is found after a short count.
struct ScalarStore: Sendable {
    private static let interval = 64

    private(set) var bytes: [UInt8] = []
    private(set) var count = 0
    /// The places of the scalars 0, 64, 128, …; empty as long as all are ASCII.
    private var marks: [UInt32] = []

    var isASCII: Bool { bytes.count == count }

    init() {}

    /// Takes over well-formed UTF-8.
    init(wellFormed bytes: [UInt8]) {
        self.bytes = bytes
        count = Self.count(of: bytes)
        if !isASCII { mark(from: 0, scalar: 0) }
    }

    /// Takes over bytes that are to be well-formed UTF-8; nil where they are not.
    init?(validating bytes: [UInt8]) {
        self.bytes = bytes
        count = bytes.count
        if Self.isASCII(bytes) { return }
        do { _ = try UTF8Span(validating: bytes.span) } catch { return nil }
        count = Self.count(of: bytes)
        mark(from: 0, scalar: 0)
    }

    private static func isASCII(_ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
            var (all, place): (UInt64, Int) = (0, 0)
            while place + 8 <= bytes.count {
                all |= bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                place += 8
            }
            var rest: UInt8 = 0
            while place < bytes.count {
                rest |= bytes[place]
                place += 1
            }
            return all & 0x8080_8080_8080_8080 == 0 && rest < 0x80
        }
    }

    /// The number of scalars: of bytes that go on with none.
    private static func count(of bytes: [UInt8]) -> Int {
        bytes.withUnsafeBufferPointer { bytes in
            var following = 0
            for byte in bytes { following &+= byte & 0xc0 == 0x80 ? 1 : 0 }
            return bytes.count - following
        }
    }

    mutating func reserve(_ bytes: Int) { self.bytes.reserveCapacity(self.bytes.count + bytes) }

    mutating func trim() { bytes.trim() }

    /// Appends a text and returns its length in scalars.
    @discardableResult
    mutating func append(_ text: String) -> Int {
        let (start, first) = (bytes.count, count)
        bytes.append(contentsOf: text.utf8)
        return added(from: start, first)
    }

    /// Appends well-formed UTF-8 and returns its length in scalars.
    @discardableResult
    mutating func append(wellFormed text: UnsafeBufferPointer<UInt8>) -> Int {
        let (start, first) = (bytes.count, count)
        bytes.append(contentsOf: text)
        return added(from: start, first)
    }

    private mutating func added(from start: Int, _ first: Int) -> Int {
        let wasASCII = start == first
        for index in start..<bytes.count where bytes[index] & 0xc0 != 0x80 { count += 1 }
        if !isASCII { wasASCII ? mark(from: 0, scalar: 0) : mark(from: start, scalar: first) }
        return count - first
    }

    private mutating func mark(from start: Int, scalar first: Int) {
        var scalar = first
        for index in start..<bytes.count where bytes[index] & 0xc0 != 0x80 {
            if scalar % Self.interval == 0 { marks.append(UInt32(index)) }
            scalar += 1
        }
    }

    /// Where a scalar begins; the count of scalars gives the end.
    func offset(of scalar: Int) -> Int {
        if isASCII { return scalar }
        if scalar == count { return bytes.count }
        var offset = Int(marks[scalar / Self.interval])
        for _ in 0..<scalar % Self.interval {
            offset += 1
            while bytes[offset] & 0xc0 == 0x80 { offset += 1 }
        }
        return offset
    }

    /// The places of the bytes of a range of scalars.
    func offsets(of scalars: Range<Int>) -> Range<Int> {
        if isASCII { return scalars }
        let start = offset(of: scalars.lowerBound)
        guard scalars.count <= Self.interval else { return start..<offset(of: scalars.upperBound) }
        var end = start
        for _ in scalars {
            end += 1
            while end < bytes.count, bytes[end] & 0xc0 == 0x80 { end += 1 }
        }
        return start..<end
    }
}
