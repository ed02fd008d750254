import Cryptography
import Testing

@Suite struct DigestTests {
    /// From the examples that NIST publishes with FIPS 180-4.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func hashesTheExamplesOfNIST(text: String, expected: String) {
        #expect(SHA256.hash(Array(text.utf8)).hex == expected)
    }

    @Test func hashesAMillionLettersInPieces() {
        let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        let letters = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        #expect(SHA256.hash(letters).hex == expected)

        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        var hasher = SHA256.Hasher()
        var rest = letters[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 0...5000, using: &random))
            hasher.update(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        #expect(hasher.finalize().hex == expected, "seed \(seed)")
    }

    @Test func keepsItsBytes() throws {
        let bytes = (0..<32).map { UInt8($0 * 7) }
        let digest = try #require(Digest(bytes: bytes))
        #expect(digest.bytes == bytes)
        #expect(Digest(bytes: Array(bytes.dropLast())) == nil)
        #expect(Digest(bytes: bytes + [0]) == nil)
        #expect(Digest(bytes: []) == nil)
        #expect(Digest.zero.bytes == [UInt8](repeating: 0, count: 32))
    }

    @Test func isOrderedAsItsBytes() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = SplitMix64(seed: seed)
        for _ in 0..<2000 {
            let one = (0..<32).map { _ in UInt8.random(in: 0...1, using: &random) }
            let other = (0..<32).map { _ in UInt8.random(in: 0...1, using: &random) }
            let first = try #require(Digest(bytes: one))
            let second = try #require(Digest(bytes: other))
            #expect((first < second) == one.lexicographicallyPrecedes(other), "seed \(seed)")
        }
    }

    @Test func randomBytesDiffer() {
        #expect(RandomBytes.make(count: 0).isEmpty)
        #expect(RandomBytes.make(count: 33).count == 33)
        #expect(RandomBytes.make(count: 16) != RandomBytes.make(count: 16))
    }
}
