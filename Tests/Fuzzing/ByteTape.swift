/// Choices drawn from bytes one after another, so that a mutation of the bytes is another choice; at the
/// end of the bytes every choice is the first.
struct ByteTape {
    private let bytes: [UInt8]
    private var place = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { place >= bytes.count }

    mutating func byte() -> UInt8 {
        guard !isAtEnd else { return 0 }
        defer { place += 1 }
        return bytes[place]
    }

    /// 0 up to, not including, `limit`, which is at most 256.
    mutating func below(_ limit: Int) -> Int { Int(byte()) % limit }

    /// A number whose small values take one byte, and any other takes nine.
    mutating func number() -> UInt64 {
        let first = byte()
        guard first >= 0xf0 else { return UInt64(first) }
        return (0..<8).reduce(0) { number, _ in number << 8 | UInt64(byte()) }
    }

    mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
}
