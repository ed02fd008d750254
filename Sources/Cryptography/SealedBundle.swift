import COpenSSL

/// A file that only the holder of one private key can open.
///
/// As in ECIES (Abdalla, Bellare & Rogaway, *DHIES*, 2001; SEC 1, section 5.1): a key pair of P-256 that is made
/// for this file alone and forgotten, ECDH with the key of whom it is for, HKDF-SHA256 (RFC 5869), and then the
/// segments of a `SealedStream`. Who wrote it the form does not tell: what is inside is signed.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 19 | the words `voordracht bundle 1` |
/// | 19 | 32 | SHA-256 of the key of whom it is for, as SubjectPublicKeyInfo |
/// | 51 | 91 | public key of the pair that was made for it, as SubjectPublicKeyInfo |
/// | 142 | | segments, as in `SealedStream` |
///
/// The key of the segments is HKDF of the x-coordinate that both have, without a salt, with the 142 bytes in
/// front as info; those are authenticated with each segment.
public enum SealedBundle {
    public static let headerBytes = 142
    static let family = Array("voordracht bundle ".utf8)
    static let words = family + Array("1".utf8)

    /// Bytes of a sealed text of so many.
    public static func sealedBytes(of count: Int) -> Int {
        headerBytes + count
            + max((count + SealedStream.segmentBytes - 1) / SealedStream.segmentBytes, 1)
            * SealedStream.tagBytes
    }

    /// - Throws: `libraryFailure` only.
    public static func seal(
        _ text: [UInt8], to recipient: PublicKey
    ) throws(CryptographyError) -> [UInt8] {
        let pair = try PrivateKey.generate()
        let header =
            words + SHA256.hash(recipient.subjectPublicKeyInfo).bytes + pair.publicKey.subjectPublicKeyInfo
        var sealer = StreamSealer(key: try key(pair, recipient, header), header: header)
        var sealed = header
        sealed.reserveCapacity(sealedBytes(of: text.count))
        var start = 0
        repeat {
            let end = min(start + SealedStream.segmentBytes, text.count)
            sealed += try sealer.seal(Array(text[start..<end]), isLast: end == text.count)
            start = end
        } while start < text.count
        return sealed
    }

    /// - Throws: `malformed` for what is no such file; `otherVersion`; `otherRecipient` for one to another key;
    ///   `altered` for one that was cut off or changed anywhere behind that.
    public static func open(
        _ sealed: [UInt8], with own: PrivateKey
    ) throws(CryptographyError) -> [UInt8] {
        guard sealed.starts(with: family) else { throw CryptographyError.malformed("a bundle") }
        guard sealed.starts(with: words) else { throw CryptographyError.otherVersion() }
        guard sealed.count >= headerBytes else { throw CryptographyError.altered() }
        let header = Array(sealed[..<headerBytes])
        let recipient = SHA256.hash(own.publicKey.subjectPublicKeyInfo).bytes
        guard Array(header[words.count..<words.count + recipient.count]) == recipient else {
            throw CryptographyError.otherRecipient()
        }
        let peer: PublicKey
        do {
            peer = try PublicKey(subjectPublicKeyInfo: Array(header[(words.count + recipient.count)...]))
        } catch { throw CryptographyError.altered() }
        var opener = StreamOpener(key: try key(own, peer, header), header: header)
        var text: [UInt8] = []
        var start = headerBytes
        repeat {
            let end = min(start + SealedStream.segmentBytes + SealedStream.tagBytes, sealed.count)
            text += try opener.open(Array(sealed[start..<end]), isLast: end == sealed.count)
            start = end
        } while start < sealed.count
        return text
    }

    private static func key(
        _ own: PrivateKey, _ peer: PublicKey, _ header: [UInt8]
    ) throws(CryptographyError) -> [UInt8] {
        let extracted = try mac([UInt8](repeating: 0, count: 32), try KeyAgreement.secret(own, peer))
        // One block of HKDF is as long as the key.
        return try mac(extracted, header + [1])
    }

    /// HMAC-SHA256 (RFC 2104).
    private static func mac(_ key: [UInt8], _ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        ErrorQueue.clear()
        var code = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard HMAC(EVP_sha256(), key, Int32(key.count), message, message.count, &code, &count) != nil,
            count == 32
        else { throw CryptographyError.libraryFailure("derive a key") }
        return code
    }
}

/// ECDH on P-256 (SEC 1, section 3.3.1).
enum KeyAgreement {
    /// The x-coordinate that both can compute, 32 bytes.
    static func secret(_ own: PrivateKey, _ peer: PublicKey) throws(CryptographyError) -> [UInt8] {
        ErrorQueue.clear()
        guard let context = EVP_PKEY_CTX_new(own.handle.pointer, nil) else {
            throw CryptographyError.libraryFailure("agree on a key")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var secret = [UInt8](repeating: 0, count: 32)
        var count = secret.count
        guard EVP_PKEY_derive_init(context) == 1, EVP_PKEY_derive_set_peer(context, peer.handle.pointer) == 1,
            EVP_PKEY_derive(context, &secret, &count) == 1, count == secret.count
        else { throw CryptographyError.libraryFailure("agree on a key") }
        return secret
    }
}
