/// What is sealed in a bundle: unsent changes, for a server that somebody else carries them to.
///
/// It has the bytes of a push: a hello, and then at least one frame `push`, each with changes of one replica
/// in the order in which they would be pushed. They are not encrypted here (see `SealedBundle`).
///
/// Batches are read one at a time, since a small frame may unfold to megabytes:
///
///     let bundle = try Bundle(bytes: bytes)
///     var batches = bundle.batches
///     while let batch = try batches.next() { … }
public struct Bundle: Hashable, Sendable {
    public let bytes: [UInt8]
    /// The version of the protocol, and the replica that wrote the bundle, its epoch and its cursor then.
    public let hello: Hello
    /// Changes in all batches.
    public let count: Int

    public init(hello: Hello, batches: [Batch]) {
        bytes = batches.reduce(into: Frame.hello(hello).bytes) { $0 += Frame.push($1).bytes }
        self.hello = hello
        count = batches.reduce(0) { $0 + $1.entries.count }
    }

    /// Reads what `bytes` gives, to its end.
    ///
    /// - Throws: `ProtocolError` `.version` for another version than this program's; `.outOfOrder` for other
    ///   frames, none, or a batch that is empty; what the frames throw.
    public init(bytes: [UInt8]) throws(ProtocolError) {
        let (batches, hello) = try BatchesOfBundle.begin(bytes)
        var (reader, count) = (batches, 0)
        while let batch = try reader.next() { count += batch.entries.count }
        guard count > 0 else { throw ProtocolError(.outOfOrder, "a bundle without changes") }
        self.bytes = bytes
        self.hello = hello
        self.count = count
    }

    public var batches: BatchesOfBundle {
        get throws(ProtocolError) { try BatchesOfBundle.begin(bytes).batches }
    }
}

/// The batches of a bundle, one after another.
public struct BatchesOfBundle: Sendable {
    private var decoder = FrameDecoder()

    static func begin(_ bytes: [UInt8]) throws(ProtocolError) -> (batches: Self, hello: Hello) {
        var batches = BatchesOfBundle()
        batches.decoder.append(bytes)
        guard case .hello(let hello)? = try batches.decoder.next() else {
            throw ProtocolError(.outOfOrder, "a bundle begins with a hello")
        }
        guard hello.version == ProtocolLimits.version else {
            throw ProtocolError(.version, "the bundle is written in version \(hello.version)")
        }
        return (batches, hello)
    }

    /// nil at the end.
    public mutating func next() throws(ProtocolError) -> Batch? {
        guard let frame = try decoder.next() else {
            try decoder.finish()
            return nil
        }
        guard case .push(let batch) = frame, !batch.entries.isEmpty else {
            throw ProtocolError(.outOfOrder, "a bundle holds nothing but changes")
        }
        return batch
    }
}
