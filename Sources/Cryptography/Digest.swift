/// A SHA-256 digest: always 32 bytes.
///
/// Kept as four words, so that copying, comparing and hashing one needs no memory of its own.
/// Ordered as its bytes are, lexicographically.
public struct Digest: Hashable, Comparable, Sendable {
    /// The number of bytes of every digest.
    public static let count = 32

    /// The digest whose bytes are all zero; no known input has it.
    public static let zero = Digest(words: (0, 0, 0, 0))

    // Big-endian, so that the order of the words is the order of the bytes.
    private let first: UInt64
    private let second: UInt64
    private let third: UInt64
    private let fourth: UInt64

    private init(words: (UInt64, UInt64, UInt64, UInt64)) {
        (first, second, third, fourth) = words
    }

    /// The digest with exactly these bytes, or `nil` when there are not 32 of them.
    public init?(bytes: [UInt8]) {
        guard bytes.count == Self.count else { return nil }
        func word(at offset: Int) -> UInt64 {
            bytes[offset..<offset + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(words: (word(at: 0), word(at: 8), word(at: 16), word(at: 24)))
    }

    /// Takes the bytes that libcrypto wrote.
    ///
    /// - Precondition: `buffer` holds 32 bytes.
    init(buffer: UnsafeRawBufferPointer) {
        precondition(buffer.count == Self.count)
        func word(at offset: Int) -> UInt64 {
            UInt64(bigEndian: buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        self.init(words: (word(at: 0), word(at: 8), word(at: 16), word(at: 24)))
    }

    /// The 32 bytes.
    public var bytes: [UInt8] {
        [UInt8](unsafeUninitializedCapacity: Self.count) { buffer, count in
            let raw = UnsafeMutableRawBufferPointer(buffer)
            raw.storeBytes(of: first.bigEndian, toByteOffset: 0, as: UInt64.self)
            raw.storeBytes(of: second.bigEndian, toByteOffset: 8, as: UInt64.self)
            raw.storeBytes(of: third.bigEndian, toByteOffset: 16, as: UInt64.self)
            raw.storeBytes(of: fourth.bigEndian, toByteOffset: 24, as: UInt64.self)
            count = Self.count
        }
    }

    /// The bytes as 64 lowercase hexadecimal digits.
    public var hex: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 2 * Self.count) { text in
            for (index, byte) in bytes.enumerated() {
                text[2 * index] = digits[Int(byte >> 4)]
                text[2 * index + 1] = digits[Int(byte & 15)]
            }
            return 2 * Self.count
        }
    }

    public static func < (one: Digest, other: Digest) -> Bool {
        (one.first, one.second, one.third, one.fourth)
            < (other.first, other.second, other.third, other.fourth)
    }
}

extension Digest: CustomStringConvertible {
    public var description: String { hex }
}
