import COpenSSL

/// A certificate (X.509, RFC 5280) for a key on the curve P-256.
///
/// Reading one says nothing about who signed it: trust is decided by the TLS handshake. Two
/// certificates are equal when their bytes are.
public struct Certificate: Hashable, Sendable {
    public let der: [UInt8]
    /// The common name of the subject; empty when it has none.
    public let commonName: String
    public let publicKey: PublicKey
    /// The SHA-256 digest of `der`.
    public let fingerprint: Digest
    /// The first moment of validity, in seconds since 1970 (UTC).
    public let notBefore: Int64
    /// The last moment of validity, in seconds since 1970 (UTC).
    public let notAfter: Int64
    /// The serial number, big-endian without leading zeros, unique per authority.
    public let serialNumber: [UInt8]
    let handle: CertificateHandle

    /// The longest certificate that is read, in bytes.
    public static let limit = 64 * 1024

    /// Reads a certificate.
    ///
    /// - Throws: `.malformed` for bytes that are none, or have something behind it;
    ///   `.unsupportedKey` for a certificate of another kind of key.
    public init(der: [UInt8]) throws(CryptographyError) {
        guard der.count <= Self.limit, let pointer = DER.read(der, d2i_X509) else {
            throw .malformed("a certificate")
        }
        let handle = CertificateHandle(owning: pointer)
        guard DER.write({ i2d_X509(pointer, $0) }) == der else { throw .malformed("a certificate") }
        try self.init(handle, der: der)
    }

    private init(_ handle: CertificateHandle, der: [UInt8]) throws(CryptographyError) {
        let pointer = handle.pointer
        guard let notBefore = Self.seconds(X509_get0_notBefore(pointer)),
            let notAfter = Self.seconds(X509_get0_notAfter(pointer)),
            let serialNumber = Self.magnitude(X509_get0_serialNumber(pointer))
        else { throw .malformed("a certificate") }
        self.publicKey = try PublicKey(of: pointer)
        self.commonName = try DistinguishedName.read(X509_get_subject_name(pointer))
        self.notBefore = notBefore
        self.notAfter = notAfter
        self.serialNumber = serialNumber
        self.fingerprint = SHA256.hash(der)
        self.der = der
        self.handle = handle
    }

    /// Reads the first certificate in a PEM text.
    ///
    /// - Throws: `.malformed` or `.unsupportedKey`.
    public init(pem: String) throws(CryptographyError) {
        let der: [UInt8]? = PEM.read(pem) { bio in
            guard let pointer = PEM_read_bio_X509(bio, nil, noPassphrase, nil) else { return nil }
            defer { X509_free(pointer) }
            return DER.write { i2d_X509(pointer, $0) }
        }
        guard let der else { throw .malformed("a certificate in PEM") }
        try self.init(der: der)
    }

    /// The certificate as PEM.
    public var pem: String {
        guard let text = PEM.write({ PEM_write_bio_X509($0, handle.pointer) }) else {
            // This certificate was read; only exhausted memory leads here.
            preconditionFailure("libcrypto cannot write a certificate: \(ErrorQueue.drain())")
        }
        return text
    }

    public static func == (one: Self, other: Self) -> Bool {
        one.fingerprint == other.fingerprint
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
    }

    private static func seconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }

    private static func magnitude(_ integer: UnsafePointer<ASN1_INTEGER>?) -> [UInt8]? {
        guard let number = ASN1_INTEGER_to_BN(integer, nil) else { return nil }
        defer { BN_free(number) }
        let length = (Int(BN_num_bits(number)) + 7) / 8
        return [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            count = Int(BN_bn2bin(number, buffer.baseAddress))
        }
    }
}

extension Certificate {
    /// Lends the `X509` for the duration of `body`.
    package func withPointer<Result>(_ body: (OpaquePointer) -> Result) -> Result {
        withExtendedLifetime(handle) { body(handle.pointer) }
    }

    /// Takes a share in an `X509` that the caller keeps too, and nobody changes any more.
    package init(sharing pointer: OpaquePointer) throws(CryptographyError) {
        guard let der = DER.write({ i2d_X509(pointer, $0) }), der.count <= Self.limit,
            X509_up_ref(pointer) == 1
        else { throw .malformed("a certificate") }
        try self.init(CertificateHandle(owning: pointer), der: der)
    }
}
