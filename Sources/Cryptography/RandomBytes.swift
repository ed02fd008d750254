import COpenSSL

/// Randomness fit for keys and tokens, from the generator of libcrypto.
public enum RandomBytes {
    /// `count` unpredictable bytes.
    ///
    /// - Precondition: `count` is not negative, and the system has a source of randomness; going on
    ///   without one would be worse than stopping.
    public static func make(count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
            precondition(RAND_bytes_ex(nil, buffer.baseAddress, count, 0) == 1, "no source of randomness")
            initialized = count
        }
    }
}
