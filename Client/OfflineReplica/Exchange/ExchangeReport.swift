public import ChangeLog
public import SyncProtocol

/// What one exchange with the server brought about.
public struct ExchangeReport: Sendable {
    /// Everything that was queued has its verdict, and everything that was there has been received.
    public var isComplete = false
    /// As the server gave them.
    public var verdicts: [VerdictEntry] = []
    /// Own edits that this replica put into the tray itself, since their audience had to be given up.
    public var revoked: [VerdictEntry] = []
    /// Changes that came in, own ones included.
    public var received = 0
    /// Audiences that this replica had to give up.
    public var purged: [AudienceID] = []
    /// The server's clock minus this machine's, milliseconds; nil when the server was not reached.
    public var clockOffsetMilliseconds: Int64?
    /// As what this copy goes on, where another one of its replica was there before; else nil.
    public var continuedAs: ReplicaID?
    /// That the server was found restored from a backup; else nil.
    public var restoration: Restoration?
    /// Parts of audiences that were otherwise here than at the server.
    public var divergences: [Divergence] = []
    /// Whether it was the last one of a retired device, which handed in what it had and deleted the rest.
    public var hasHandedIn = false
    /// Why what stood in segments was delivered in its lane after all; else nil.
    public var segmentFault: ReplicaError?
    /// That the server lets nothing more wait, and what would have to is still here; else nil.
    var unfit: ConnectionError?
    /// Why the exchange ended early.
    public var error: (any Error)?

    public init() {}

    /// How long the server asks to be left alone; nil where it does not.
    public var retryAfterMilliseconds: Int64? { (error as? ConnectionError)?.retryAfterMilliseconds }

    public var accepted: Int { count { if case .accepted = $0 { true } else { false } } }
    public var held: Int {
        count {
            switch $0 {
            case .held, .waiting: true
            case .accepted, .refused: false
            }
        }
    }
    public var refused: Int { count { if case .refused = $0 { true } else { false } } }

    /// That something here is still otherwise than at the server, where that is so.
    public var diverged: ReplicaError? {
        divergences.first { !$0.isMended }.map { left in
            ReplicaError(
                .diverged,
                "what is here of \(left.audience) up to \(left.through) is not what the server has, "
                    + "and did not become so when it was fetched anew",
                at: left.audience.name)
        }
    }

    private func count(_ matches: (Verdict) -> Bool) -> Int {
        // A change whose verdict moved on within the exchange counts once, by its last one.
        var last: [ChangeID: Verdict] = [:]
        for entry in told { last[entry.change] = entry.verdict }
        return last.values.count(where: matches)
    }

    /// What became of own changes, the last word last.
    var told: [VerdictEntry] { revoked + verdicts }
}
