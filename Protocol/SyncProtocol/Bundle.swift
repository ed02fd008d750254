import ChangeLog

/// What is sealed in a bundle: unsent changes, for a server that somebody else carries them to.
///
/// It has the bytes of a push: a hello, and then at least one frame `push`, each with changes of one replica
/// in the order in which they would be pushed. They are not encrypted here (see `SealedBundle`).
public struct Bundle: Hashable, Sendable {
    /// The version of the protocol, and the replica that wrote the bundle, its epoch and its cursor then.
    public var hello: Hello
    public var batches: [Batch]

    public init(hello: Hello, batches: [Batch]) {
        self.hello = hello
        self.batches = batches
    }

    /// Changes in all batches.
    public var count: Int { batches.reduce(0) { $0 + $1.entries.count } }

    public var bytes: [UInt8] {
        batches.reduce(into: Frame.hello(hello).bytes) { $0 += Frame.push($1).bytes }
    }

    /// Reads what `bytes` gives.
    ///
    /// - Throws: `ProtocolError` `.version` for another version than this program's; `.outOfOrder` for other
    ///   frames, or a batch that is empty; what the frames throw.
    public init(bytes: [UInt8]) throws(ProtocolError) {
        var decoder = FrameDecoder()
        decoder.append(bytes)
        guard case .hello(let hello)? = try decoder.next() else {
            throw ProtocolError(.outOfOrder, "a bundle begins with a hello")
        }
        guard hello.version == ProtocolLimits.version else {
            throw ProtocolError(.version, "the bundle is written in version \(hello.version)")
        }
        var batches: [Batch] = []
        while let frame = try decoder.next() {
            guard case .push(let batch) = frame, !batch.entries.isEmpty else {
                throw ProtocolError(.outOfOrder, "a bundle holds nothing but changes")
            }
            batches.append(batch)
        }
        try decoder.finish()
        guard !batches.isEmpty else { throw ProtocolError(.outOfOrder, "a bundle without changes") }
        self.init(hello: hello, batches: batches)
    }
}
