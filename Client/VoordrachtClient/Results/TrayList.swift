import ChangeLog
import Nominations
import OfflineReplica

/// Refused changes: out of the view, and still all there.
public struct TrayList: Hashable, Sendable, Documented {
    /// One refused change.
    public struct Item: Hashable, Sendable, Documented {
        public let id: ChangeID
        /// What has one entry is sent again or dropped together.
        public let entry: ChangeID
        public let audience: AudienceID
        /// What it would have touched.
        public let records: [RecordID]
        /// The view on which it was made; sent again, it keeps it.
        public let base: Base
        /// Milliseconds since 1970 UTC.
        public let time: Int64
        public let operations: [Operation]
        /// Why it is here.
        public let reason: Failure
        /// Whether the server holds it and may still let it in: until then it is neither sent again nor dropped.
        public let isUndecided: Bool
        /// The changes without which it cannot stand.
        public let dependsOn: [ChangeID]

        public var json: JSON {
            [
                "id": .string("\(id)"), "record": JSON(records.first.map { Reference.text($0) }),
                "operations": .array(operations.map(\.json)), "code": .string(reason.code),
                "message": .string(reason.message), "remedy": .string(reason.remedy),
                "dependsOn": .array(dependsOn.map { .string("\($0)") }), "entry": .string("\(entry)"),
                "audience": .string(audience.name), "base": .string("\(base.position):\(base.own)"),
                "time": JSON(milliseconds: time), "undecided": .bool(isUndecided),
                "records": JSON(records.map { Reference.text($0) }),
            ]
        }
    }

    public let items: [Item]

    public var json: JSON { ["items": JSON(items)] }
}

/// What became of an entry of the tray.
public struct TrayOutcome: Hashable, Sendable, Documented {
    public let entry: ChangeID
    /// What was recorded in its place; empty when it was dropped.
    public let changes: [ChangeID]
    /// `queued`, `dropped` or `refused`.
    public let state: String
    /// Why it is refused still.
    public var reason: Failure?

    public var json: JSON {
        [
            "entry": .string("\(entry)"), "change": changes.first?.json ?? .null,
            "changes": .array(changes.map(\.json)), "state": .string(state), "error": JSON(reason),
        ]
    }
}

/// What became of several entries of the tray.
public struct TrayOutcomes: Hashable, Sendable, Documented {
    public let items: [TrayOutcome]

    /// Whether all were sent again.
    public var isComplete: Bool { items.allSatisfy { $0.reason == nil } }

    public var json: JSON { ["items": JSON(items)] }
}

extension TrayList.Item {
    init(_ item: TrayItem, _ language: Language) {
        id = item.id
        entry = item.entry
        audience = item.audience
        records = item.records
        base = item.base
        time = item.time.milliseconds
        operations = item.operations
        reason = Failure(item.reason, in: language)
        isUndecided = item.isUndecided
        dependsOn = item.dependsOn
    }
}
