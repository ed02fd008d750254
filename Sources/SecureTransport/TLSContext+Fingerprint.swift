import COpenSSL
public import Cryptography

extension TLSContext {
    /// A client that knows its server's authority by the fingerprint in an invitation only.
    ///
    /// The server must send the authority's certificate with its own, and the chain must hold up to
    /// exactly that certificate; the host name is checked as always. No session is kept.
    ///
    /// - Parameter authorityFingerprint: SHA-256 of the certificate in DER.
    public static func client(authorityFingerprint: Digest) throws(TransportError) -> TLSContext {
        let handle = try ContextHandle(TLS_client_method(), protocols: ["http/1.1"])
        try handle.trust(fingerprint: authorityFingerprint)
        handle.disregardTime()
        try handle.offerProtocols()
        return TLSContext(handle: handle, isServer: false, sessions: nil, sessionScope: "")
    }
}

extension ContextHandle {
    /// Trusts the one certificate among those that the peer sends whose fingerprint this is.
    fileprivate func trust(fingerprint: Digest) throws(TransportError) {
        let expected = FingerprintHandle(fingerprint)
        retained = expected
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
        SSL_CTX_set_cert_verify_callback(
            pointer,
            { store, argument in
                guard let store, let argument else { return 0 }
                let expected = Unmanaged<FingerprintHandle>.fromOpaque(argument).takeUnretainedValue()
                return expected.verify(store)
            }, Unmanaged.passUnretained(expected).toOpaque())
    }
}

/// A fingerprint at an address that stays while its context lives.
private final class FingerprintHandle: Sendable {
    private let fingerprint: Digest

    init(_ fingerprint: Digest) { self.fingerprint = fingerprint }

    /// 1 when the chain holds up to the certificate of this fingerprint, 0 otherwise.
    func verify(_ store: OpaquePointer) -> Int32 {
        let sent = X509_STORE_CTX_get0_untrusted(store)
        for index in 0..<OPENSSL_sk_num(sent) {
            guard let raw = OPENSSL_sk_value(sent, index) else { continue }
            let candidate = OpaquePointer(raw)
            guard digest(of: candidate) == fingerprint.bytes else { continue }
            let trusted = OPENSSL_sk_new_null()
            defer { OPENSSL_sk_free(trusted) }
            guard OPENSSL_sk_push(trusted, raw) == 1 else { return 0 }
            X509_STORE_CTX_set0_trusted_stack(store, trusted)
            return X509_verify_cert(store)
        }
        X509_STORE_CTX_set_error(store, X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN)
        return 0
    }

    private func digest(of certificate: OpaquePointer) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 32)
        var count: UInt32 = 0
        guard X509_digest(certificate, EVP_sha256(), &bytes, &count) == 1, count == 32 else { return [] }
        return bytes
    }
}
