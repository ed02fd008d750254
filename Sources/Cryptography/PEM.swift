import COpenSSL

/// Text armour around DER (RFC 7468), read and written by libcrypto.
enum PEM {
    /// Runs `parse` on a BIO that holds the text.
    static func read<Result>(_ text: String, _ parse: (OpaquePointer) -> Result?) -> Result? {
        ErrorQueue.clear()
        let bytes = Array(text.utf8)
        guard let length = Int32(exactly: bytes.count) else { return nil }
        return bytes.withUnsafeBytes { buffer in
            guard let bio = BIO_new_mem_buf(buffer.baseAddress, length) else { return nil }
            defer { BIO_free(bio) }
            return parse(bio)
        }
    }

    /// What `print` writes to a BIO, or `nil` when it did not return 1.
    static func write(_ print: (OpaquePointer) -> Int32) -> String? {
        ErrorQueue.clear()
        guard let bio = BIO_new(BIO_s_secmem()) else { return nil }
        defer { BIO_free(bio) }
        guard print(bio) == 1 else { return nil }
        var start: UnsafeMutablePointer<CChar>?
        let length = openssl_bio_mem_data(bio, &start)
        guard let start, length >= 0 else { return nil }
        let bytes = UnsafeRawBufferPointer(start: start, count: length)
        return String(validating: bytes, as: UTF8.self)
    }
}

/// Refuses to give a passphrase: by default libcrypto would ask for one at the terminal.
func noPassphrase(
    _: UnsafeMutablePointer<CChar>?, _: Int32, _: Int32, _: UnsafeMutableRawPointer?
) -> Int32 {
    -1
}
