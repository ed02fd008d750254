import COpenSSL

/// What it costs to try one passphrase (scrypt, RFC 7914): 128 · r · 2^logarithm bytes, and time in proportion.
public struct PassphraseCost: Hashable, Sendable {
    /// log2 of scrypt's N.
    public var logarithm: UInt8
    /// Scrypt's r.
    public var blocks: UInt8
    /// Scrypt's p.
    public var lanes: UInt8

    public init(logarithm: UInt8, blocks: UInt8, lanes: UInt8) {
        self.logarithm = logarithm
        self.blocks = blocks
        self.lanes = lanes
    }

    /// 128 MiB and about half a second.
    public static let standard = PassphraseCost(logarithm: 17, blocks: 8, lanes: 1)

    /// A file may ask for so much and no more: whoever wrote it chose the cost.
    var isBearable: Bool {
        (1...18).contains(logarithm) && (1...16).contains(blocks) && (1...4).contains(lanes)
    }
}

/// A key of 32 bytes from words that a person keeps.
enum PassphraseKey {
    static let bytes = 32

    static func derive(
        _ passphrase: [UInt8], salt: [UInt8], _ cost: PassphraseCost
    ) throws(CryptographyError) -> [UInt8] {
        guard cost.isBearable else { throw CryptographyError.malformed("a sealed file of this version") }
        ErrorQueue.clear()
        var key = [UInt8](repeating: 0, count: bytes)
        let limit = UInt64(512) << 20 + UInt64(128) << (UInt64(cost.logarithm) + 4)
        let status = passphrase.withUnsafeBytes { words in
            EVP_PBE_scrypt(
                words.bindMemory(to: CChar.self).baseAddress, passphrase.count, salt, salt.count,
                UInt64(1) << UInt64(cost.logarithm), UInt64(cost.blocks), UInt64(cost.lanes), limit, &key,
                bytes)
        }
        guard status == 1 else { throw CryptographyError.libraryFailure("derive a key from the passphrase") }
        return key
    }
}
