import SyncProtocol

/// What was sealed in a bundle: whoever knows the server's key may have written anything.
enum BundleTarget {
    static func check(_ bytes: [UInt8]) throws {
        let bundle: Bundle
        do {
            bundle = try Bundle(bytes: bytes)
        } catch {
            return
        }
        try promise(bundle.batches.allSatisfy { !$0.entries.isEmpty }, "a batch without changes")
        try promise(bundle.hello.version == ProtocolLimits.version, "a bundle of another version")
        let written = bundle.bytes
        let again = try Bundle(bytes: written)
        try promise(again == bundle, "a bundle reads back as another")
        try promise(again.bytes == written, "a bundle is written in two forms")
    }
}
