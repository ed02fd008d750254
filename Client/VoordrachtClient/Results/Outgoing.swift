import ChangeLog
import Nominations
import OfflineReplica

/// What the next exchange would send; nothing was sent.
public struct Outgoing: Hashable, Sendable, Documented {
    /// Own changes without an answer, by number.
    public let changes: [ChangeList.Item]
    public let view: View
    public let conflicts: Int

    /// The keys of a report of an exchange that did not take place, and what it would send.
    public var json: JSON {
        [
            "complete": false, "accepted": 0, "held": 0, "refused": 0, "received": 0, "purged": 0,
            "pending": JSON(changes.count), "conflicts": JSON(conflicts), "cursor": JSON(view.cursor),
            "epoch": .string("\(view.epoch)"), "clockOffsetMilliseconds": .null, "verdicts": [],
            "error": .null, "nextTry": .null, "notBefore": .null, "dryRun": true, "outgoing": JSON(changes),
        ]
    }
}

extension Voordracht {
    /// What the next exchange would send, without the submissions that it would make by itself.
    public func outgoing() async throws -> Outgoing {
        try await read { view in
            // What has no position comes first in the log, refused changes among it.
            let counts = try view.reader.counts()
            let unplaced = counts.queued + counts.held + counts.waiting + counts.tray
            let changes = try view.reader.log(limit: unplaced).filter { $0.status.state == .queued }
                .map { try ChangeList.Item($0, in: view) }
            return Outgoing(
                changes: changes.sorted { $0.change < $1.change }, view: view.view,
                conflicts: try view.openConflicts().count)
        }
    }
}
