import COpenSSL

/// A stream that is encrypted and authenticated under a passphrase, segment by segment.
///
/// After STREAM (Hoang, Reyhanitabar, Rogaway & Vizár 2015), as in the file format `age`: AES-256-GCM with
/// a key of the stream's own, the number of the segment as the nonce, and whether it is the last one. So a
/// stream that was cut off, altered or reordered anywhere is not opened.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 19 | the words `voordracht sealed 1` |
/// | 19 | 32 | salt |
/// | 51 | 3 | cost of a try: log2 N, r, p |
/// | 54 | 16 | tag of the empty text under the nonce of twelve bytes 255: whether the passphrase is right |
/// | 70 | | segments of 65,536 bytes, the last one shorter or as long, each with its tag of 16 bytes |
///
/// What stands before the tag is authenticated with every segment. A nonce is the number of the segment in
/// 11 bytes and 1 for the last one, 0 for others.
public enum SealedStream {
    /// Bytes of a segment before it is sealed.
    public static let segmentBytes = 65_536
    /// Bytes that sealing adds to each.
    public static let tagBytes = 16
    public static let headerBytes = 70
    static let saltBytes = 32
    static let words = Array("voordracht sealed 1".utf8)

    static func nonce(_ number: UInt64, isLast: Bool) -> [UInt8] {
        let bytes = (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * (7 - UInt64($0)))) }
        return [0, 0, 0] + bytes + [isLast ? 1 : 0]
    }

    static let checkNonce = [UInt8](repeating: 255, count: 12)
}

/// Seals the segments of one stream, in their order.
public struct StreamSealer: Sendable {
    /// Stands before the segments.
    public let header: [UInt8]
    private let key: [UInt8]
    private let authenticated: [UInt8]
    private var number: UInt64 = 0

    /// - Parameter randomBytes: unpredictable, this many.
    public init(
        passphrase: [UInt8], cost: PassphraseCost = .standard, randomBytes: (Int) -> [UInt8]
    ) throws(CryptographyError) {
        let salt = randomBytes(SealedStream.saltBytes)
        authenticated = SealedStream.words + salt + [cost.logarithm, cost.blocks, cost.lanes]
        key = try PassphraseKey.derive(passphrase, salt: salt, cost)
        let check = try AuthenticatedCipher.seal([], key, SealedStream.checkNonce, authenticated)
        header = authenticated + check
    }

    /// - Parameter key: of this stream alone, 32 bytes.
    init(key: [UInt8], header: [UInt8]) {
        self.key = key
        self.header = header
        authenticated = header
    }

    /// - Parameter segment: of `SealedStream.segmentBytes`, the last one of as many or fewer.
    public mutating func seal(_ segment: [UInt8], isLast: Bool) throws(CryptographyError) -> [UInt8] {
        defer { number += 1 }
        return try AuthenticatedCipher.seal(
            segment, key, SealedStream.nonce(number, isLast: isLast), authenticated)
    }
}

/// Opens the segments of one stream, in their order.
public struct StreamOpener: Sendable {
    private let key: [UInt8]
    private let authenticated: [UInt8]
    private var number: UInt64 = 0

    /// - Throws: `malformed` for what is no such stream; `wrongPassphrase`.
    public init(header: [UInt8], passphrase: [UInt8]) throws(CryptographyError) {
        let words = SealedStream.words
        guard header.count == SealedStream.headerBytes, Array(header.prefix(words.count)) == words else {
            throw CryptographyError.malformed("a sealed file of this version")
        }
        let end = header.count - SealedStream.tagBytes
        authenticated = Array(header[..<end])
        let salt = Array(header[words.count..<words.count + SealedStream.saltBytes])
        let cost = PassphraseCost(
            logarithm: header[end - 3], blocks: header[end - 2], lanes: header[end - 1])
        key = try PassphraseKey.derive(passphrase, salt: salt, cost)
        let check = try AuthenticatedCipher.open(
            Array(header[end...]), key, SealedStream.checkNonce, authenticated)
        guard check != nil else { throw CryptographyError.wrongPassphrase() }
    }

    /// - Parameter key: of this stream alone, 32 bytes.
    init(key: [UInt8], header: [UInt8]) {
        self.key = key
        authenticated = header
    }

    /// - Throws: `altered` for a segment that is not the next one, or where the last one is another.
    public mutating func open(_ sealed: [UInt8], isLast: Bool) throws(CryptographyError) -> [UInt8] {
        let nonce = SealedStream.nonce(number, isLast: isLast)
        guard let segment = try AuthenticatedCipher.open(sealed, key, nonce, authenticated) else {
            throw CryptographyError.altered()
        }
        number += 1
        return segment
    }
}

/// AES-256-GCM: the text and then its tag.
enum AuthenticatedCipher {
    static func seal(
        _ text: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ authenticated: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let context = try context()
        defer { EVP_CIPHER_CTX_free(context) }
        var sealed = [UInt8](repeating: 0, count: text.count)
        var tag = [UInt8](repeating: 0, count: SealedStream.tagBytes)
        var (count, rest): (Int32, Int32) = (0, 0)
        guard EVP_EncryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            EVP_EncryptUpdate(context, nil, &count, authenticated, Int32(authenticated.count)) == 1,
            text.isEmpty || EVP_EncryptUpdate(context, &sealed, &count, text, Int32(text.count)) == 1,
            EVP_EncryptFinal_ex(context, &tag, &rest) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, Int32(tag.count), &tag) == 1
        else { throw CryptographyError.libraryFailure("encrypt") }
        return sealed + tag
    }

    /// nil for what was not sealed so.
    static func open(
        _ sealed: [UInt8], _ key: [UInt8], _ nonce: [UInt8], _ authenticated: [UInt8]
    ) throws(CryptographyError) -> [UInt8]? {
        guard sealed.count >= SealedStream.tagBytes else { return nil }
        let context = try context()
        defer { EVP_CIPHER_CTX_free(context) }
        let body = Array(sealed.dropLast(SealedStream.tagBytes))
        var tag = Array(sealed.suffix(SealedStream.tagBytes))
        var text = [UInt8](repeating: 0, count: body.count)
        var end = [UInt8](repeating: 0, count: SealedStream.tagBytes)
        var (count, rest): (Int32, Int32) = (0, 0)
        guard EVP_DecryptInit_ex(context, EVP_aes_256_gcm(), nil, key, nonce) == 1,
            EVP_DecryptUpdate(context, nil, &count, authenticated, Int32(authenticated.count)) == 1,
            body.isEmpty || EVP_DecryptUpdate(context, &text, &count, body, Int32(body.count)) == 1,
            EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, Int32(tag.count), &tag) == 1
        else { throw CryptographyError.libraryFailure("decrypt") }
        let isGenuine = EVP_DecryptFinal_ex(context, &end, &rest) == 1
        ErrorQueue.clear()
        return isGenuine ? text : nil
    }

    private static func context() throws(CryptographyError) -> OpaquePointer {
        ErrorQueue.clear()
        guard let context = EVP_CIPHER_CTX_new() else {
            throw CryptographyError.libraryFailure("begin to encrypt")
        }
        return context
    }
}
