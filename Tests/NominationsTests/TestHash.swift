import ChangeLog

/// A hash good enough for tests: four rounds of FNV-1a (Fowler, Noll, Vo) with different beginnings.
let testHash: HashFunction = { bytes in
    var digest: [UInt8] = []
    for round in UInt64(1)...4 {
        var value: UInt64 = 0xcbf2_9ce4_8422_2325 &* round
        for byte in bytes { value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        value ^= value >> 29
        value = value &* 0xbf58_476d_1ce4_e5b9
        digest += (value ^ (value >> 32)).bigEndianBytes
    }
    guard let hash = ChangeHash(bytes: digest) else { preconditionFailure("32 bytes") }
    return hash
}

func record(_ number: UInt64) -> RecordID { RecordID(Identifier128(high: 0xabcd, low: number)) }
