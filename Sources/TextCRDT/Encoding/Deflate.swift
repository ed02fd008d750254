import CDeflate

/// DEFLATE (RFC 1951) of a whole column, by libdeflate.
enum Deflate {
    /// It makes no more of a byte than this.
    static let mostFromOne = 1032
    private static let level: Int32 = 9

    /// Shorter bytes that say the same; nil where there are none.
    static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        guard let compressor = libdeflate_alloc_compressor(level) else { return nil }
        defer { libdeflate_free_compressor(compressor) }
        let packed = bytes.withUnsafeBytes { source in
            [UInt8](unsafeUninitializedCapacity: source.count) { target, count in
                // 0 where there is not enough room.
                count = libdeflate_deflate_compress(
                    compressor, source.baseAddress, source.count, target.baseAddress, source.count - 1)
            }
        }
        return packed.isEmpty ? nil : packed
    }
}

/// Reads what `Deflate` wrote, one column after the other with what one of them needed.
struct Inflater: ~Copyable {
    private var decompressor: OpaquePointer?

    deinit { if let decompressor { libdeflate_free_decompressor(decompressor) } }

    /// The `count` bytes that were compressed; nil for anything else. Sets nothing aside but room for them.
    mutating func bytes(_ packed: UnsafeBufferPointer<UInt8>, count: Int) -> [UInt8]? {
        guard count > 0, count <= packed.count * Deflate.mostFromOne else { return nil }
        if decompressor == nil { decompressor = libdeflate_alloc_decompressor() }
        guard let decompressor else { return nil }
        var (taken, isRead) = (0, false)
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { target, written in
            isRead =
                libdeflate_deflate_decompress_ex(
                    decompressor, packed.baseAddress, packed.count, target.baseAddress, count, &taken, nil)
                == LIBDEFLATE_SUCCESS
            written = isRead ? count : 0
        }
        return isRead && taken == packed.count ? bytes : nil
    }
}
