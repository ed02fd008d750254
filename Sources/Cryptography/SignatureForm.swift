import COpenSSL

/// The two forms of an ECDSA signature: 64 bytes, r and s as big-endian numbers (IEEE P1363), in
/// our messages; DER of varying length in libcrypto and in certificates (RFC 3279).
enum SignatureForm {
    static let count = 64

    /// The DER form of 64 bytes, or `nil` when there are not that many.
    static func encoded(_ signature: [UInt8]) -> [UInt8]? {
        guard signature.count == count, let pair = ECDSA_SIG_new() else { return nil }
        defer { ECDSA_SIG_free(pair) }
        let r = BN_bin2bn(Array(signature[..<32]), 32, nil)
        let s = BN_bin2bn(Array(signature[32...]), 32, nil)
        // On success the pair owns both numbers.
        guard ECDSA_SIG_set0(pair, r, s) == 1 else {
            BN_free(r)
            BN_free(s)
            return nil
        }
        return DER.write { i2d_ECDSA_SIG(pair, $0) }
    }

    /// The 64 bytes of a DER form, or `nil` for anything else.
    static func fixed(_ encoded: [UInt8]) -> [UInt8]? {
        guard let pair = DER.read(encoded, d2i_ECDSA_SIG) else { return nil }
        defer { ECDSA_SIG_free(pair) }
        var r: OpaquePointer?
        var s: OpaquePointer?
        ECDSA_SIG_get0(pair, &r, &s)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            guard let start = buffer.baseAddress,
                BN_bn2binpad(r, start, 32) == 32, BN_bn2binpad(s, start + 32, 32) == 32
            else { return }
            initialized = count
        }
        return bytes.isEmpty ? nil : bytes
    }
}
