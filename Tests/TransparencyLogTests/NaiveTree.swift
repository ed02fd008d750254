import ChangeLog
import Cryptography

@testable import TransparencyLog

/// The definitions of RFC 9162, sections 2.1.1, 2.1.3.1 and 2.1.4.1, word for word: slow, and right.
struct NaiveTree {
    static let hash: HashFunction = { message in
        guard let hash = ChangeHash(bytes: SHA256.hash(message).bytes) else {
            preconditionFailure("SHA-256 has 32 bytes")
        }
        return hash
    }

    /// The hashes of the leaves.
    let leaves: [ChangeHash]

    /// Leaves that are all different.
    init(size: Int) {
        leaves = (0..<size).map { Self.hash([0x00] + UInt64($0).bigEndianBytes) }
    }

    /// MTH(D[a:b]).
    func root(_ range: Range<Int>) -> ChangeHash {
        if range.isEmpty { return Self.hash([]) }
        if range.count == 1 { return leaves[range.lowerBound] }
        let middle = range.lowerBound + Self.split(range.count)
        return Self.hash(
            [0x01] + root(range.lowerBound..<middle).bytes + root(middle..<range.upperBound).bytes)
    }

    /// PATH(m, D[a:b]).
    func path(_ index: Int, _ range: Range<Int>) -> [ChangeHash] {
        if range.count == 1 { return [] }
        let middle = range.lowerBound + Self.split(range.count)
        return index < middle
            ? path(index, range.lowerBound..<middle) + [root(middle..<range.upperBound)]
            : path(index, middle..<range.upperBound) + [root(range.lowerBound..<middle)]
    }

    /// SUBPROOF(m, D[a:b], b).
    func subproof(_ first: Int, _ range: Range<Int>, isWhole: Bool) -> [ChangeHash] {
        if first == range.count { return isWhole ? [] : [root(range)] }
        let split = Self.split(range.count)
        let middle = range.lowerBound + split
        return first <= split
            ? subproof(first, range.lowerBound..<middle, isWhole: isWhole)
                + [root(middle..<range.upperBound)]
            : subproof(first - split, middle..<range.upperBound, isWhole: false)
                + [root(range.lowerBound..<middle)]
    }

    private static func split(_ count: Int) -> Int {
        var split = 1
        while split * 2 < count { split *= 2 }
        return split
    }
}
