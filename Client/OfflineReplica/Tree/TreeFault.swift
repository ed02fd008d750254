public import ChangeLog
public import TransparencyLog

/// Two tree heads of one server that cannot both be true, each with its signature: what anybody needs to
/// see that the server rewrote the past, or shows different ones to different people.
public struct TreeFault: Hashable, Sendable {
    /// The one that was known here before.
    public let known: SignedTreeHead
    /// The one that came.
    public let shown: SignedTreeHead
    /// When it was found, milliseconds since 1970 UTC.
    public let found: Int64
    /// How many leaves both pasts have in common at least; nil where that was not found out.
    public var shared: UInt64?
    /// How the server has declared since, with its signature, that it had been put back to before this; nil where it
    /// has not, and the alarm stands.
    public var declared: EpochRecord?

    public init(known: SignedTreeHead, shown: SignedTreeHead, found: Int64) {
        self.known = known
        self.shown = shown
        self.found = found
    }

    /// nil where the tree that is shown goes on from the one that is known.
    ///
    /// - Parameter path: what the server gave as proof of that.
    init?(
        from known: SignedTreeHead, to shown: SignedTreeHead, path: [ChangeHash], found: Int64,
        hash: HashFunction
    ) {
        let proof = ConsistencyProof(first: known.head.size, second: shown.head.size, path: path)
        if proof.proves(known.head.root, in: shown.head.root, hash: hash) { return nil }
        self.init(known: known, shown: shown, found: found)
    }

    /// What it is, for programs.
    public var code: ReplicaError.Code {
        if shown.head.size < known.head.size { return .treeShorter }
        return shown.head.size == known.head.size ? .treeSplit : .treeRewritten
    }
}

extension ReplicaError {
    /// The same as an error.
    public init(_ fault: TreeFault) {
        let (known, shown) = (fault.known.head, fault.shown.head)
        let what =
            switch fault.code {
            case .treeShorter: "has forgotten what it had received"
            case .treeSplit: "shows two different pasts"
            default: "has changed what it had received"
            }
        let way =
            fault.shared.map {
                "; both share \($0), so where the server was put back its administrator goes on with "
                    + "voordracht-server fork --leaves \($0)"
            } ?? ""
        self.init(
            fault.code,
            "The server \(what): tree \(known.root) of \(known.size) leaves was known, "
                + "\(shown.root) of \(shown.size) leaves came\(way)")
    }
}
