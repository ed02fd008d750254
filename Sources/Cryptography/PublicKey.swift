import COpenSSL

/// A public key on the elliptic curve P-256, which checks signatures.
///
/// Two keys are equal when their bytes are; there is one spelling per key.
public struct PublicKey: Hashable, Sendable {
    /// The key as a SubjectPublicKeyInfo in DER (RFC 5480): 91 bytes, uncompressed, named curve.
    public let subjectPublicKeyInfo: [UInt8]
    let handle: KeyHandle

    /// The number of bytes of every `subjectPublicKeyInfo`.
    public static let count = 91

    /// Reads a key.
    ///
    /// - Throws: `.malformed` for bytes that are no key, that spell one in another way or have
    ///   something behind it; `.unsupportedKey` for a key of another kind or curve.
    public init(subjectPublicKeyInfo bytes: [UInt8]) throws(CryptographyError) {
        guard bytes.count <= 1024, let pointer = DER.read(bytes, d2i_PUBKEY) else {
            throw .malformed("a public key")
        }
        try self.init(owning: pointer)
        guard subjectPublicKeyInfo == bytes else { throw .malformed("a public key in its usual form") }
    }

    /// Takes over an `EVP_PKEY`, of which only the public part is used.
    init(owning pointer: OpaquePointer) throws(CryptographyError) {
        let handle = try KeyHandle(owning: pointer)
        guard let bytes = DER.write({ i2d_PUBKEY(handle.pointer, $0) }) else { throw .unsupportedKey() }
        try self.init(handle, subjectPublicKeyInfo: bytes)
    }

    /// Takes over the key of a certificate, which has its bytes already: finding out how to write a key
    /// costs libcrypto more than reading a certificate.
    init(of certificate: OpaquePointer) throws(CryptographyError) {
        guard let key = X509_get_pubkey(certificate),
            let bytes = DER.write({ i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), $0) })
        else { throw .malformed("a certificate") }
        try self.init(KeyHandle(owning: key), subjectPublicKeyInfo: bytes)
    }

    private init(_ handle: KeyHandle, subjectPublicKeyInfo bytes: [UInt8]) throws(CryptographyError) {
        // Another spelling of the same key (a compressed point, a curve by its numbers) has another length.
        guard bytes.count == Self.count else { throw .unsupportedKey() }
        subjectPublicKeyInfo = bytes
        self.handle = handle
    }

    /// Whether `signature` (64 bytes, r and s) was made over `message` with the private key.
    ///
    /// Anything that is not a signature is simply not valid; nothing is thrown.
    public func verify(_ signature: [UInt8], over message: [UInt8]) -> Bool {
        guard let encoded = SignatureForm.encoded(signature) else { return false }
        ErrorQueue.clear()
        // The reason why a signature is invalid is never used, and must not outlive this call.
        defer { ErrorQueue.clear() }
        guard let context = EVP_MD_CTX_new() else { return false }
        defer { EVP_MD_CTX_free(context) }
        guard EVP_DigestVerifyInit_ex(context, nil, "SHA256", nil, nil, handle.pointer, nil) == 1 else {
            return false
        }
        return EVP_DigestVerify(context, encoded, encoded.count, message, message.count) == 1
    }

    public static func == (one: Self, other: Self) -> Bool {
        one.subjectPublicKeyInfo == other.subjectPublicKeyInfo
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(subjectPublicKeyInfo)
    }
}
