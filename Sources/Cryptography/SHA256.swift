import COpenSSL

/// The hash function SHA-256 (FIPS 180-4).
public enum SHA256 {
    /// The digest of `bytes`.
    public static func hash(_ bytes: [UInt8]) -> Digest {
        var hasher = Hasher()
        hasher.update(bytes)
        return hasher.finalize()
    }

    /// Computes the digest of bytes that arrive in pieces.
    ///
    /// ```swift
    /// var hasher = SHA256.Hasher()
    /// hasher.update(header)
    /// hasher.update(body)
    /// let digest = hasher.finalize()
    /// ```
    public struct Hasher: ~Copyable {
        private let context: OpaquePointer

        public init() {
            guard let context = EVP_MD_CTX_new(),
                EVP_DigestInit_ex(context, Algorithm.shared.pointer, nil) == 1
            else {
                // No input leads here: memory is exhausted, or libcrypto is broken.
                preconditionFailure("libcrypto cannot start SHA-256: \(ErrorQueue.drain())")
            }
            self.context = context
        }

        deinit {
            EVP_MD_CTX_free(context)
        }

        /// Continues with `bytes`.
        public mutating func update(_ bytes: [UInt8]) {
            bytes.withUnsafeBytes { update($0) }
        }

        /// Continues with the bytes of `buffer`.
        public mutating func update(_ buffer: UnsafeRawBufferPointer) {
            let status = EVP_DigestUpdate(context, buffer.baseAddress, buffer.count)
            precondition(status == 1, "libcrypto stopped in the middle of SHA-256")
        }

        /// The digest of everything so far; the hasher is used up.
        public consuming func finalize() -> Digest {
            withUnsafeTemporaryAllocation(byteCount: Digest.count, alignment: 8) { output in
                let bytes = output.assumingMemoryBound(to: UInt8.self)
                let status = EVP_DigestFinal_ex(context, bytes.baseAddress, nil)
                precondition(status == 1, "libcrypto could not finish SHA-256")
                return Digest(buffer: UnsafeRawBufferPointer(output))
            }
        }
    }

    /// The algorithm, looked up once: libcrypto would otherwise search its providers, under a
    /// lock, for every digest.
    ///
    /// Sendable because a fetched algorithm never changes, and this one is never freed.
    private final class Algorithm: @unchecked Sendable {
        static let shared = Algorithm()

        let pointer: OpaquePointer

        private init() {
            guard let pointer = EVP_MD_fetch(nil, "SHA256", nil) else {
                preconditionFailure("libcrypto offers no SHA-256: \(ErrorQueue.drain())")
            }
            self.pointer = pointer
        }
    }
}
