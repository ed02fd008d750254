import COpenSSL

/// The name in a certificate or request, of which only the common name is used.
enum DistinguishedName {
    /// The longest common name, in Unicode scalars (RFC 5280, ub-common-name).
    static let longest = 64

    /// Puts `commonName` in an empty X.501 name, which `pointer` refers to.
    ///
    /// - Throws: `.invalidField` unless it has 1 to 64 scalars, none of them a control character.
    static func write(_ commonName: String, to pointer: OpaquePointer?) throws(CryptographyError) {
        let scalars = commonName.unicodeScalars
        guard (1...longest).contains(scalars.count),
            scalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw CryptographyError(
                .invalidField, "A common name has 1 to \(longest) characters, without control characters",
                remedy: "Choose a shorter or simpler name")
        }
        let text = Array(commonName.utf8)
        let status = X509_NAME_add_entry_by_NID(
            pointer, NID_commonName, MBSTRING_UTF8, text, Int32(text.count), -1, 0)
        guard status == 1 else { throw .libraryFailure("write a name") }
    }

    /// The common name, empty when there is none.
    ///
    /// - Throws: `.malformed` when it stands there twice, is not text or contains a NUL: readers
    ///   in C would each see another name.
    static func read(_ pointer: OpaquePointer?) throws(CryptographyError) -> String {
        let index = X509_NAME_get_index_by_NID(pointer, NID_commonName, -1)
        guard index >= 0 else { return "" }
        let entry = X509_NAME_get_entry(pointer, index)
        var text: UnsafeMutablePointer<UInt8>?
        let length = Int(ASN1_STRING_to_UTF8(&text, X509_NAME_ENTRY_get_data(entry)))
        defer { CRYPTO_free(text, #file, #line) }
        guard X509_NAME_get_index_by_NID(pointer, NID_commonName, index) < 0, length >= 0,
            let name = String(validating: UnsafeBufferPointer(start: text, count: length), as: UTF8.self),
            !name.utf8.contains(0)
        else { throw .malformed("a certificate with a readable name") }
        return name
    }
}
