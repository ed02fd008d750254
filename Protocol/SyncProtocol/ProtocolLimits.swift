/// Every bound of the conversation, with its unit.
public enum ProtocolLimits {
    /// The version of the protocol that this program speaks.
    public static let version: UInt64 = 1
    /// One frame with its head, bytes.
    public static let frameBytes = 4 << 20
    /// Changes in one batch.
    public static let batchEntries = 1000
    /// Where a sender begins a new batch, bytes of contents.
    public static let batchBytes = 1 << 20
    /// Contents of all changes in one batch, bytes in canonical form: what a sender that keeps to
    /// `batchBytes` can reach with one action of the largest size, and some more.
    public static let contentBytes = 4 << 20
    /// Distinct replicas, audiences, names, records or seeds in the dictionary of one batch: as many ids
    /// as a frame can hold, so that no batch within `batchBytes` ever mentions too many.
    public static let dictionaryEntries = frameBytes / 16
    /// A sealed bundle, bytes: some 100,000 small changes. Both sides hold one in memory.
    public static let bundleBytes = 16 << 20
    /// Hashes that lead from one change to the next of its chain, or to a signature.
    public static let links = 16_384
    /// Segments in one frame.
    public static let segments = 1024
    /// A segment, bytes.
    public static let segmentBytes = 8 << 20
    /// Audiences in one request.
    public static let audiences = 65_536
    /// Verdicts in one frame, and changes in one question for them.
    public static let verdicts = 4096
    /// A code, bytes.
    public static let codeBytes = 64
    /// A message or a remedy, UTF-8 bytes.
    public static let messageBytes = 4096
    /// Bytes of an ECDSA P-256 signature, r ‖ s.
    public static let signatureBytes = 64
    /// Hashes in the proof of a leaf or of an earlier tree: two for each level of the largest tree.
    public static let proofHashes = 128
    /// Epochs in one frame: how often a server may have been restored.
    public static let epochs = 1024
    /// Bytes of a public key; one of P-256 has 91.
    public static let keyBytes = 128
}
