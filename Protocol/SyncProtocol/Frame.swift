public import ChangeLog

/// One message of the conversation. Each goes in one direction only.
public enum Frame: Hashable, Sendable {
    // Client to server.
    case hello(Hello)
    /// New changes to be judged.
    case push(Batch)
    /// Asks for the current verdicts of changes that were pushed before.
    case ask([ChangeID])
    case want(Want)
    /// The client has deleted what it held of an audience.
    case purged([AudienceID])
    /// Asks for the newest tree head, and that it goes on from the tree of this size; 0 for none.
    case compare(UInt64)
    /// Asks for what is known of a change in the tree that was told before.
    case prove(ChangeID)
    /// Another copy of the replica has used its next numbers: asks to go on with a new one.
    case `continue`(Continuation)
    /// Changes of somebody else, as their author signed them, for a server that lost them.
    case offer(Batch)
    /// The newest hashes of chains of which something is about to be sent: kept with the moment, whatever comes after.
    case lodge([LodgedHead])
    /// What the server has said before it was restored of changes that follow.
    case evidence([EarlierReceipt])
    /// Asks which of these parts the server has otherwise.
    case fingerprints([RangeFingerprint])
    /// Large lanes may come as segments, which are fetched as files.
    case segmented

    // Server to client.
    case welcome(Welcome)
    case verdicts([VerdictEntry])
    /// The device may read an audience from now on. Its changes up to `end` come in a lane of their
    /// own; later ones in the main stream.
    case grant(AudienceID, end: Position)
    case deliver(Delivery)
    /// The device may not read these audiences any more.
    case revoke([AudienceID])
    /// All that was committed when the request came has been delivered up to this position.
    case current(Position)
    /// Nothing has happened; the server is there, at this time (milliseconds since 1970 UTC).
    case pulse(milliseconds: Int64)
    case tree(TreeComparison)
    case receipt(ReceiptEvidence)
    /// The new replica is that of the device.
    case continued(Continuation)
    /// How the server's epochs began, to a client that stands in another one than the current; the oldest first.
    case restored([SignedEpoch])
    /// The parts of those that were asked for that are otherwise at the server.
    case differing([FingerprintRange])
    /// A stretch of a lane stands in these files; what follows them in the lane comes with the next pull.
    case segments(SegmentList)
    /// The conversation ends here.
    case refusal(Reason)
}

/// How a client introduces itself, first frame of each request.
public struct Hello: Hashable, Sendable {
    public var version: UInt64
    public var replica: ReplicaID
    /// The epoch of the cursor; nil before the first exchange.
    public var epoch: Epoch?
    public var cursor: Position

    public init(
        version: UInt64 = ProtocolLimits.version, replica: ReplicaID, epoch: Epoch?, cursor: Position
    ) {
        self.version = version
        self.replica = replica
        self.epoch = epoch
        self.cursor = cursor
    }
}

/// The hash of a chain of the replica of the hello that ends with its newest change.
public struct LodgedHead: Hashable, Sendable {
    public var audience: AudienceID
    public var hash: ChangeHash

    public init(audience: AudienceID, hash: ChangeHash) {
        self.audience = audience
        self.hash = hash
    }
}

/// What a client wants to be sent.
public struct Want: Hashable, Sendable {
    /// How much of an audience the client holds already.
    public struct Held: Hashable, Sendable {
        public var audience: AudienceID
        /// Where its lane ends; `have == end` when the audience is whole.
        public var end: Position
        /// All of its changes up to here are staged.
        public var have: Position

        public init(audience: AudienceID, have: Position, end: Position) {
            self.audience = audience
            self.have = have
            self.end = end
        }
    }

    /// The main stream goes on after this position.
    public var cursor: Position
    /// Whether the stream stays open for what comes later.
    public var isLive: Bool
    /// In rising order of audience.
    public var held: [Held]

    public init(cursor: Position, isLive: Bool, held: [Held]) {
        self.cursor = cursor
        self.isLive = isLive
        self.held = held
    }
}

/// How a server answers a hello.
public struct Welcome: Hashable, Sendable {
    public var version: UInt64
    public var epoch: Epoch
    /// The newest position.
    public var head: Position
    /// The server's clock, milliseconds since 1970 UTC.
    public var milliseconds: Int64

    public init(
        version: UInt64 = ProtocolLimits.version, epoch: Epoch, head: Position, milliseconds: Int64
    ) {
        self.version = version
        self.epoch = epoch
        self.head = head
        self.milliseconds = milliseconds
    }
}

/// Committed changes in rising order of position.
public struct Delivery: Hashable, Sendable {
    /// The audience whose lane this is; nil for the main stream.
    public var lane: AudienceID?
    /// Once applied, the cursor (or the lane) stands here: never inside a group, never beyond a
    /// position that is not committed.
    public var through: Position
    public var batch: Batch

    public init(lane: AudienceID?, through: Position, batch: Batch) {
        self.lane = lane
        self.through = through
        self.batch = batch
    }
}
