import ChangeLog
import Nominations
import OfflineReplica

/// What an exchange with the server brought about.
public struct SyncReport: Sendable, Documented {
    /// What the server decided about one own change.
    public struct Verdict: Hashable, Sendable {
        public let change: ChangeID
        /// `accepted`, `held`, `waiting` or `refused`.
        public let verdict: String
        public let position: Position?
        /// Why it is held or refused; nil otherwise.
        public let reason: Failure?

        var json: JSON {
            [
                "change": change.json, "verdict": .string(verdict), "position": JSON(position),
                "code": JSON(reason?.code), "message": JSON(reason?.message), "remedy": JSON(reason?.remedy),
            ]
        }
    }

    /// Everything that was queued has its verdict, and everything that was there has been received.
    public let isComplete: Bool
    public let accepted: Int
    public let held: Int
    public let refused: Int
    public let received: Int
    /// Audiences that this replica had to give up.
    public let purged: Int
    /// Own changes that are still queued.
    public let pending: Int
    /// Open conflicts that this replica sees.
    public let conflicts: Int
    public let view: View
    /// The server's clock minus this machine's, milliseconds; nil when the server was not reached.
    public let clockOffsetMilliseconds: Int64?
    public let verdicts: [Verdict]
    /// Why it ended early.
    public let error: Failure?
    /// What stays wrong until a person looks at it: what the server has shown that cannot be true together, what is
    /// here otherwise than there, and damaged files.
    public let warnings: [Failure]
    /// As which replica this copy goes on, where another copy of it was found; else nil.
    public let continuedAs: ReplicaID?
    /// That the server was found restored from a backup; else nil.
    public let restoration: Restoration?
    /// Parts of what was here that differed from the server, and were fetched anew.
    public let divergences: [Divergence]
    /// Whether this was the last exchange of a retired device.
    public let hasHandedIn: Bool
    /// When the next try is due while it stays connected, milliseconds since 1970 UTC.
    public let nextTry: Int64?
    /// Until when the server asks to be left alone, milliseconds since 1970 UTC; nil where it does not.
    public let notBefore: Int64?

    public var json: JSON {
        [
            "complete": .bool(isComplete), "accepted": JSON(accepted), "held": JSON(held),
            "refused": JSON(refused), "received": JSON(received), "purged": JSON(purged),
            "pending": JSON(pending), "conflicts": JSON(conflicts), "cursor": JSON(view.cursor),
            "epoch": .string("\(view.epoch)"),
            "clockOffsetMilliseconds": clockOffsetMilliseconds.map { .int($0) } ?? .null,
            "verdicts": .array(verdicts.map(\.json)), "error": JSON(error),
            "nextTry": JSON(milliseconds: nextTry), "notBefore": JSON(milliseconds: notBefore),
            "warnings": JSON(warnings),
            "continuedAs": continuedAs.map { .string("\($0)") } ?? .null,
            "restored": restoration.map {
                [
                    "epoch": .string("\($0.epoch)"), "position": JSON($0.point), "offered": JSON($0.offered),
                ]
            } ?? .null,
            "handedIn": .bool(hasHandedIn),
            "divergences": .array(
                divergences.map { divergence in
                    [
                        "audience": .string(divergence.audience.name),
                        "after": JSON(divergence.after), "through": JSON(divergence.through),
                        "changes": JSON(divergence.mended), "mended": .bool(divergence.isMended),
                    ]
                }),
        ]
    }

    init(
        _ report: ExchangeReport, in view: ReplicaView, _ language: Language, nextTry: Int64? = nil,
        notBefore: Int64? = nil, warnings: [Failure] = []
    ) throws {
        let faults = [report.diverged, report.segmentFault].compactMap { $0 }
        self.warnings = warnings + faults.map { Failure($0, in: language) }
        isComplete = report.isComplete
        accepted = report.accepted
        held = report.held
        refused = report.refused
        received = report.received
        purged = report.purged.count
        pending = try view.reader.counts().queued
        conflicts = try view.openConflicts().count
        self.view = view.view
        clockOffsetMilliseconds = report.clockOffsetMilliseconds
        verdicts = report.judgements.map { judgement in
            Verdict(
                change: judgement.change, verdict: judgement.state.rawValue, position: judgement.position,
                reason: judgement.reason.map { Failure($0, in: language) })
        }
        error = report.error.map { Failure($0, in: language) }
        continuedAs = report.continuedAs
        restoration = report.restoration
        divergences = report.divergences
        hasHandedIn = report.hasHandedIn
        self.nextTry = nextTry
        self.notBefore = notBefore
    }
}
