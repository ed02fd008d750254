import COpenSSL

/// A private key on the elliptic curve P-256, which signs.
public struct PrivateKey: Sendable {
    let handle: KeyHandle
    /// The key that checks what this one signs.
    public let publicKey: PublicKey

    private init(owning pointer: OpaquePointer) throws(CryptographyError) {
        let handle = try KeyHandle(owning: pointer)
        guard EVP_PKEY_up_ref(handle.pointer) == 1 else { throw .libraryFailure("share a key") }
        self.publicKey = try PublicKey(owning: handle.pointer)
        self.handle = handle
    }

    /// A new key from the generator of libcrypto.
    public static func generate() throws(CryptographyError) -> PrivateKey {
        ErrorQueue.clear()
        guard let context = EVP_PKEY_CTX_new_from_name(nil, "EC", nil) else {
            throw .libraryFailure("make a key")
        }
        defer { EVP_PKEY_CTX_free(context) }
        var pointer: OpaquePointer?
        guard EVP_PKEY_keygen_init(context) == 1,
            EVP_PKEY_CTX_set_group_name(context, "P-256") == 1,
            EVP_PKEY_generate(context, &pointer) == 1, let pointer
        else { throw .libraryFailure("make a key") }
        return try PrivateKey(owning: pointer)
    }

    /// Reads a key from PEM, unencrypted: PKCS#8, or the older form of SEC 1.
    ///
    /// - Throws: `.malformed` when there is none, it is encrypted or its halves do not fit each
    ///   other; `.unsupportedKey` for a key of another kind or curve.
    public init(pem: String) throws(CryptographyError) {
        let parsed = PEM.read(pem) { PEM_read_bio_PrivateKey($0, nil, noPassphrase, nil) }
        guard let parsed else { throw .malformed("an unencrypted private key in PEM") }
        try self.init(owning: parsed)
        guard let context = EVP_PKEY_CTX_new(handle.pointer, nil) else {
            throw .libraryFailure("check a key")
        }
        defer { EVP_PKEY_CTX_free(context) }
        guard EVP_PKEY_check(context) == 1 else { throw .malformed("a consistent private key") }
    }

    /// The key as unencrypted PKCS#8 in PEM (RFC 5958): whoever reads it can sign.
    public var pem: String {
        let text = PEM.write { PEM_write_bio_PKCS8PrivateKey($0, handle.pointer, nil, nil, 0, nil, nil) }
        guard let text else {
            // A key that was made or read can be written; only exhausted memory leads here.
            preconditionFailure("libcrypto cannot write a key: \(ErrorQueue.drain())")
        }
        return text
    }

    /// Signs `message` with ECDSA over its SHA-256 digest (FIPS 186-4).
    ///
    /// - Returns: 64 bytes, r and s (IEEE P1363). Signing twice gives different signatures.
    /// - Throws: `.libraryFailure` only when libcrypto cannot work at all.
    public func sign(_ message: [UInt8]) throws(CryptographyError) -> [UInt8] {
        ErrorQueue.clear()
        guard let context = EVP_MD_CTX_new() else { throw .libraryFailure("sign") }
        defer { EVP_MD_CTX_free(context) }
        // A P-256 signature in DER has at most 72 bytes.
        var encoded = [UInt8](repeating: 0, count: 80)
        var length = encoded.count
        guard EVP_DigestSignInit_ex(context, nil, "SHA256", nil, nil, handle.pointer, nil) == 1,
            EVP_DigestSign(context, &encoded, &length, message, message.count) == 1,
            let signature = SignatureForm.fixed(Array(encoded[..<length]))
        else { throw .libraryFailure("sign") }
        return signature
    }
}

extension PrivateKey {
    /// Lends the `EVP_PKEY` for the duration of `body`.
    package func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        withExtendedLifetime(handle) { body(handle.pointer) }
    }
}
