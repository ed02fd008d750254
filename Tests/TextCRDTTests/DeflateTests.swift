import Testing

@testable import TextCRDT

struct DeflateTests {
    private func roundTrip(_ bytes: [UInt8]) -> [UInt8]? {
        Deflate.bytes(bytes).withUnsafeBufferPointer { Inflate.bytes($0, count: bytes.count) }
    }

    @Test("What was packed is unpacked, whatever it is")
    func roundTrips() {
        var random = SplitMix64(seed: 3)
        #expect(roundTrip([]) == [])
        for size in [1, 2, 5, 300, 70_000] {
            for letters in [1, 2, 20, 256] {
                var bytes: [UInt8] = []
                for _ in 0..<size { bytes.append(UInt8(Int.random(in: 0..<letters, using: &random))) }
                #expect(roundTrip(bytes) == bytes, "\(size) bytes of \(letters)")
            }
        }
        let text = Array(String(repeating: "Zij zet zich al twintig jaar in. ", count: 2000).utf8)
        #expect(roundTrip(text) == text)
        #expect(Deflate.bytes(text).count < 500)
    }

    /// Made by zlib: "hallo hallo hallo" with fixed codes, and five zeroes as they are.
    @Test func foreignStreamsAreRead() {
        let fixed: [UInt8] = [0xcb, 0x48, 0xcc, 0xc9, 0xc9, 0x57, 0xc8, 0x40, 0x90, 0x00]
        let stored: [UInt8] = [1, 5, 0, 0xfa, 0xff, 0, 0, 0, 0, 0]
        let words = fixed.withUnsafeBufferPointer { Inflate.bytes($0, count: 17) }
        #expect(words == Array("hallo hallo hallo".utf8))
        let zeroes = stored.withUnsafeBufferPointer { Inflate.bytes($0, count: 5) }
        #expect(zeroes == [UInt8](repeating: 0, count: 5))
    }

    @Test("A damaged stream gives as many bytes as were asked for, or none")
    func damage() {
        var random = SplitMix64(seed: 4)
        var plain: [UInt8] = []
        for _ in 0..<2000 { plain.append(UInt8.random(in: 0..<9, using: &random)) }
        let packed = Deflate.bytes(plain)
        for _ in 0..<2000 {
            var bytes = packed
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            bytes.removeLast(Int.random(in: 0..<20, using: &random))
            let read = bytes.withUnsafeBufferPointer { Inflate.bytes($0, count: 2000) }
            #expect(read == nil || read?.count == 2000)
        }
    }
}
