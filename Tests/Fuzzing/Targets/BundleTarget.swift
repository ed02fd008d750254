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
        var (reader, batches) = (try bundle.batches, [Batch]())
        while let batch = try reader.next() { batches.append(batch) }
        try promise(batches.allSatisfy { !$0.entries.isEmpty }, "a batch without changes")
        try promise(bundle.hello.version == ProtocolLimits.version, "a bundle of another version")
        let written = Bundle(hello: bundle.hello, batches: batches)
        try promise(written.count == bundle.count, "a bundle is written with another number of changes")
        let again = try Bundle(bytes: written.bytes)
        try promise(again == written, "a bundle reads back as another")
    }
}
