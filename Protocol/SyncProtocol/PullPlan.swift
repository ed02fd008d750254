public import ChangeLog

/// What a server sends in answer to a want, and in which lanes: pure, and computed again whenever
/// decided facts change who may read what.
///
/// An audience that the client does not hold yet is granted: its changes up to the head of that moment
/// come in a lane of their own, later ones in the main stream. The main cursor never waits for a lane.
public struct PullPlan: Hashable, Sendable {
    /// One lane that is still to be sent.
    public struct Lane: Hashable, Sendable {
        public let audience: AudienceID
        /// The lane goes on after this position.
        public var have: Position
        public let end: Position

        package init(audience: AudienceID, have: Position, end: Position) {
            self.audience = audience
            self.have = have
            self.end = end
        }
    }

    /// The main stream goes on after this position.
    public private(set) var cursor: Position
    public private(set) var lanes: [Lane] = []
    /// From which position (exclusive) on the main stream carries each audience.
    public private(set) var thresholds: [AudienceID: Position] = [:]

    /// - Parameters:
    ///   - readable: what the person may read now, in rising order.
    ///   - first: the audience whose lane goes first, because the others are understood with it.
    /// - Returns: the plan, and the frames that open the stream.
    public static func opening(
        _ want: Want, readable: [AudienceID], head: Position, first: AudienceID
    ) -> (PullPlan, [Frame]) {
        var plan = PullPlan(cursor: want.cursor)
        for held in want.held {
            plan.thresholds[held.audience] = held.end
            if held.have < held.end {
                plan.lanes.append(Lane(audience: held.audience, have: held.have, end: held.end))
            }
        }
        let frames = plan.update(readable: readable, grantsEnd: { _ in head })
        plan.lanes.sort { left, right in
            (left.audience == first ? 0 : 1, left.audience) < (
                right.audience == first ? 0 : 1, right.audience
            )
        }
        return (plan, frames)
    }

    private init(cursor: Position) { self.cursor = cursor }

    /// Takes over a new list of readable audiences.
    ///
    /// - Parameter grantsEnd: where the lane of a newly granted audience ends: the head; or, for an
    ///   audience whose first change is just being committed, the position before that change.
    /// - Returns: revocations first, then grants, for the client.
    public mutating func update(
        readable: [AudienceID], grantsEnd: (AudienceID) -> Position
    ) -> [Frame] {
        let allowed = Set(readable)
        let lost = thresholds.keys.filter { !allowed.contains($0) }.sorted()
        for audience in lost { thresholds[audience] = nil }
        // Once over the lanes: a client may name tens of thousands of audiences that it may not read.
        if !lost.isEmpty { lanes.removeAll { thresholds[$0.audience] == nil } }
        var frames: [Frame] = lost.isEmpty ? [] : [.revoke(lost)]
        for audience in readable where thresholds[audience] == nil {
            let end = grantsEnd(audience)
            thresholds[audience] = end
            frames.append(.grant(audience, end: end))
            if end > .origin { lanes.append(Lane(audience: audience, have: .origin, end: end)) }
        }
        return frames
    }

    /// Whether a change of the main stream goes to this client.
    public func carries(_ audience: AudienceID, at position: Position) -> Bool {
        guard let threshold = thresholds[audience] else { return false }
        return position > threshold
    }

    /// The main stream has been sent up to here.
    public mutating func advance(to position: Position) {
        precondition(position >= cursor, "the cursor goes back from \(cursor) to \(position)")
        cursor = position
    }

    /// The rest of the first lane, or of all lanes, is left to another pull.
    public mutating func leaveLanes(all: Bool) {
        if all { lanes = [] } else if !lanes.isEmpty { lanes.removeFirst() }
    }

    /// The first lane has been sent up to here; it is done when that is its end.
    public mutating func advanceFirstLane(to position: Position) {
        precondition(!lanes.isEmpty, "no lane to advance")
        precondition(position >= lanes[0].have && position <= lanes[0].end, "a lane leaves its range")
        lanes[0].have = position
        if position == lanes[0].end { lanes.removeFirst() }
    }
}
