import COpenSSL

/// A request for a certificate (PKCS#10, RFC 2986): a public key, signed by its private key.
///
/// A request that exists is valid: every way to get one checks its signature. The name in it is
/// what the requester says; who issues the certificate decides what it will say.
public struct CertificateRequest: Sendable {
    public let der: [UInt8]
    public let publicKey: PublicKey
    public let commonName: String

    /// Asks for a certificate for `key`.
    ///
    /// - Throws: `.invalidField` for a name that is empty, too long or has control characters.
    public static func make(
        key: PrivateKey, commonName: String
    ) throws(CryptographyError) -> CertificateRequest {
        ErrorQueue.clear()
        guard let request = X509_REQ_new() else { throw .libraryFailure("make a request") }
        defer { X509_REQ_free(request) }
        try DistinguishedName.write(commonName, to: X509_REQ_get_subject_name(request))
        guard X509_REQ_set_version(request, 0) == 1,
            X509_REQ_set_pubkey(request, key.handle.pointer) == 1,
            X509_REQ_sign(request, key.handle.pointer, EVP_sha256()) > 0,
            let der = DER.write({ i2d_X509_REQ(request, $0) })
        else { throw .libraryFailure("make a request") }
        return try CertificateRequest(der: der)
    }

    /// Reads a request and checks its signature.
    ///
    /// - Throws: `.malformed`, `.unsupportedKey` or `.invalidSignature`.
    public init(der: [UInt8]) throws(CryptographyError) {
        guard let request = DER.read(der, d2i_X509_REQ) else {
            throw .malformed("a request for a certificate")
        }
        defer { X509_REQ_free(request) }
        guard DER.write({ i2d_X509_REQ(request, $0) }) == der, let key = X509_REQ_get_pubkey(request) else {
            throw .malformed("a request for a certificate")
        }
        self.publicKey = try PublicKey(owning: key)
        guard X509_REQ_verify(request, publicKey.handle.pointer) == 1 else {
            throw CryptographyError(
                .invalidSignature, "The request is not signed by its own key",
                remedy: "Make a new request", cause: ErrorQueue.drain())
        }
        self.commonName = try DistinguishedName.read(X509_REQ_get_subject_name(request))
        self.der = der
    }

    /// Reads the first request in a PEM text and checks its signature.
    ///
    /// - Throws: `.malformed`, `.unsupportedKey` or `.invalidSignature`.
    public init(pem: String) throws(CryptographyError) {
        let der: [UInt8]? = PEM.read(pem) { bio in
            guard let request = PEM_read_bio_X509_REQ(bio, nil, noPassphrase, nil) else { return nil }
            defer { X509_REQ_free(request) }
            return DER.write { i2d_X509_REQ(request, $0) }
        }
        guard let der else { throw .malformed("a request for a certificate in PEM") }
        try self.init(der: der)
    }

    /// The request as PEM.
    public var pem: String {
        let request = DER.read(der, d2i_X509_REQ)
        defer { X509_REQ_free(request) }
        guard let text = PEM.write({ PEM_write_bio_X509_REQ($0, request) }) else {
            // These bytes were read before; only exhausted memory leads here.
            preconditionFailure("libcrypto cannot write a request: \(ErrorQueue.drain())")
        }
        return text
    }
}
