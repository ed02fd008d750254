import Synchronization

/// What the lines of one request have in common: the start of the server, and a number that rises.
struct RequestNumber {
    let text: String
}

/// Numbers requests; two starts of a server never give one the same.
final class RequestCounter: Sendable {
    private let start: String
    private let count = Atomic<UInt64>(0)

    /// - Parameter bits: random ones of this start.
    init(start bits: [UInt8]) {
        start = bits.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
    }

    func next() -> RequestNumber {
        RequestNumber(text: "\(start)-\(count.add(1, ordering: .relaxed).newValue)")
    }
}
