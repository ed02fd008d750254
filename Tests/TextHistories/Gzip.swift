import CDeflate

/// Reads what `gzip` wrote.
enum Gzip {
    /// It makes no more of a byte than this.
    private static let mostFromOne = 1032

    /// What was packed; nil for bytes that are no such file.
    static func unpacked(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.starts(with: [0x1f, 0x8b]), bytes.count >= 18,
            let decompressor = libdeflate_alloc_decompressor()
        else { return nil }
        defer { libdeflate_free_decompressor(decompressor) }
        // The last four bytes tell how long it is.
        let size = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        guard size <= bytes.count * mostFromOne else { return nil }
        var isRead = false
        let unpacked = [UInt8](unsafeUninitializedCapacity: size) { target, written in
            isRead =
                libdeflate_gzip_decompress(
                    decompressor, bytes, bytes.count, target.baseAddress, size, &written)
                == LIBDEFLATE_SUCCESS
            if !isRead { written = 0 }
        }
        return isRead ? unpacked : nil
    }
}
