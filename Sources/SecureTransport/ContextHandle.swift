import COpenSSL
import Cryptography

/// Owns an `SSL_CTX`, and frees it with the last reference.
///
/// Sendable because nothing changes it after ``TLSContext`` has set it up, and libssl lets any
/// number of threads make connections from one context.
final class ContextHandle: @unchecked Sendable {
    let pointer: OpaquePointer
    /// Our application protocols, the preferred one first.
    let protocols: [[UInt8]]
    /// What a callback of libssl is given by address, kept as long as the context.
    var retained: AnyObject?

    init(_ method: OpaquePointer?, protocols: [String]) throws(TransportError) {
        ErrorQueue.clear()
        self.protocols = protocols.map { Array($0.utf8) }
        guard self.protocols.allSatisfy({ (1...255).contains($0.count) }) else {
            throw TransportError(
                .configuration, "A protocol name has 1 to 255 bytes", remedy: "Name it otherwise")
        }
        guard let pointer = SSL_CTX_new(method) else { throw .configuration("start TLS") }
        self.pointer = pointer
        openssl_context_set_mode(
            pointer,
            Int(SSL_MODE_RELEASE_BUFFERS) | Int(SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER)
                | Int(SSL_MODE_NO_AUTO_CHAIN))
        guard openssl_context_set_versions(pointer, TLS1_3_VERSION, TLS1_3_VERSION) == 1,
            openssl_context_set_groups(pointer, "X25519:P-256") == 1
        else { throw .configuration("restrict TLS to version 1.3") }
    }

    deinit {
        SSL_CTX_free(pointer)
    }

    func use(_ certificate: Certificate, _ key: PrivateKey, chain: [Certificate]) throws(TransportError) {
        guard certificate.publicKey == key.publicKey else {
            throw TransportError(
                .configuration, "The private key does not belong to the certificate",
                remedy: "Use the key that the certificate was requested with")
        }
        let used = certificate.withPointer { SSL_CTX_use_certificate(pointer, $0) }
        guard used == 1, key.withPointer({ SSL_CTX_use_PrivateKey(pointer, $0) }) == 1 else {
            throw .configuration("use the certificate")
        }
        for link in chain {
            let added = link.withPointer { openssl_context_set_chain_certificate(pointer, $0) }
            guard added == 1 else { throw .configuration("use the chain of the certificate") }
        }
    }

    /// Lets a certificate count whatever the clock here says.
    func disregardTime() {
        X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(pointer), UInt(X509_V_FLAG_NO_CHECK_TIME))
    }

    /// Trusts this authority, and no other: the authorities of the system are never loaded.
    func trust(_ authority: Certificate) throws(TransportError) {
        let added = authority.withPointer { X509_STORE_add_cert(SSL_CTX_get_cert_store(pointer), $0) }
        guard added == 1 else { throw .configuration("trust the authority") }
        SSL_CTX_set_verify(pointer, SSL_VERIFY_PEER, nil)
    }
}

extension TransportError {
    static func configuration(_ attempt: String) -> Self {
        Self(
            .configuration, "libssl could not \(attempt)",
            remedy: "Check the certificate and the installation of OpenSSL", cause: ErrorQueue.drain())
    }
}
