import COpenSSL

/// The binary form of keys and certificates (X.690), read and written by libcrypto.
enum DER {
    typealias Parse = (
        UnsafeMutablePointer<OpaquePointer?>?, UnsafeMutablePointer<UnsafePointer<UInt8>?>?, Int
    ) -> OpaquePointer?

    /// What `parse` reads, or `nil` when it reads nothing.
    ///
    /// Bytes left over are not noticed here: every caller writes the object again and compares,
    /// which also refuses other spellings of the same content.
    static func read(_ bytes: [UInt8], _ parse: Parse) -> OpaquePointer? {
        ErrorQueue.clear()
        return bytes.withUnsafeBufferPointer { buffer in
            var position = buffer.baseAddress
            return parse(nil, &position, buffer.count)
        }
    }

    /// What `print` writes when given room, or `nil` when it fails.
    static func write(_ print: (UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?) -> Int32) -> [UInt8]? {
        let length = Int(print(nil))
        guard length > 0 else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            var position = buffer.baseAddress
            count = Int(print(&position)) == length ? length : 0
        }
        return bytes.isEmpty ? nil : bytes
    }
}
