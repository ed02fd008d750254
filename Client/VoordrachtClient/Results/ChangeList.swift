import ChangeLog
import OfflineReplica

/// The log, or the part of it that is about one record; newest first.
public struct ChangeList: Hashable, Sendable, Documented {
    /// One change.
    public struct Item: Hashable, Sendable, Documented {
        public let change: ChangeID
        public let author: ChangeAuthor
        /// Milliseconds since 1970 UTC; effective once accepted.
        public let time: Int64
        public let position: Position?
        public let audience: AudienceID
        public let state: String
        public let base: Base
        /// Why it is held or refused.
        public let reason: Reason?
        /// nil where the contents are erased or withdrawn.
        public let operations: [Operation]?

        public var json: JSON {
            [
                "change": change.json, "person": author.personJSON, "personName": JSON(author.personName),
                "device": author.deviceJSON, "time": JSON(milliseconds: time), "position": JSON(position),
                "audience": .string(audience.name), "state": .string(state),
                "base": .string("\(base.position):\(base.own)"), "code": JSON(reason?.code),
                "operations": .array((operations ?? []).map(\.json)),
            ]
        }
    }

    public let items: [Item]
    /// What to name as `after` for the next part; nil at the end.
    public let next: Position?

    public var json: JSON { ["changes": JSON(items), "next": JSON(next)] }
}

extension Voordracht {
    /// The changes that this replica knows, the newest first and what has no position before all.
    ///
    /// - Parameters:
    ///   - record: the one that they touch; nil for all.
    ///   - limit: at most so many.
    ///   - after: only what stands below this position.
    public func log(
        of record: RecordID? = nil, limit: Int = 100, after: Position? = nil
    ) async throws -> ChangeList {
        let limit = max(limit, 0)
        return try await read { view in
            let found = try view.reader.log(of: record, before: after, limit: limit)
            return ChangeList(
                items: try found.map { try ChangeList.Item($0, in: view) },
                next: found.count < limit ? nil : found.last?.status.position)
        }
    }
}

extension ChangeList.Item {
    init(_ logged: LoggedChange, in view: ReplicaView) throws {
        let envelope = logged.envelope
        change = envelope.id
        author = try ChangeAuthor(of: envelope.id.replica, in: view)
        time = (logged.status.effective ?? envelope.time).milliseconds
        position = logged.status.position
        audience = envelope.audience
        state = logged.status.state.rawValue
        base = envelope.base
        reason = logged.status.reason
        operations = logged.change?.operations
    }
}
