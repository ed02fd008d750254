import COpenSSL

/// Owns an `EVP_PKEY` on the curve P-256, and frees it with the last reference.
///
/// Sendable because the key is never changed after `init`: libcrypto counts references
/// atomically, and allows any number of threads to sign and verify with one key.
final class KeyHandle: @unchecked Sendable {
    let pointer: OpaquePointer

    /// Takes over `pointer`, and frees it also when it refuses it.
    ///
    /// - Throws: `.unsupportedKey` for any other kind of key or curve.
    init(owning pointer: OpaquePointer) throws(CryptographyError) {
        var name = [CChar](repeating: 0, count: 32)
        var length = 0
        guard EVP_PKEY_is_a(pointer, "EC") == 1,
            EVP_PKEY_get_group_name(pointer, &name, name.count, &length) == 1,
            name[..<length].elementsEqual("prime256v1".utf8.map { CChar(bitPattern: $0) })
        else {
            EVP_PKEY_free(pointer)
            throw .unsupportedKey()
        }
        self.pointer = pointer
    }

    deinit {
        EVP_PKEY_free(pointer)
    }
}
