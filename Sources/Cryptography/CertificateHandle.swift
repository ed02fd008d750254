import COpenSSL

/// Owns an `X509`, and frees it with the last reference.
///
/// Sendable because the certificate is never changed after `init`; what libcrypto computes from
/// it later (its cache of extensions) it computes under a lock of its own.
final class CertificateHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    init(owning pointer: OpaquePointer) {
        self.pointer = pointer
    }

    deinit {
        X509_free(pointer)
    }
}
