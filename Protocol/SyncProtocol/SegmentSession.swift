public import ChangeLog

/// Reads a segment, as a state machine: frames in, actions out, no I/O.
///
/// It guards what a replica builds on, as `PullSession` does for what comes in the lane: nothing but deliveries of
/// this lane, positions that rise, and an end where the server's list said.
public struct SegmentSession: Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        /// Apply in one transaction, the lane included.
        case apply(Delivery)
        /// It is here already.
        case pass
        /// Take over nothing more of it.
        case fail(ProtocolError)
    }

    private let lane: AudienceID
    private let through: Position
    private let have: Position
    private var last: Position?
    private var isOver = false

    /// - Parameters:
    ///   - have: up to where the lane is here; it may be within the segment.
    ///   - through: up to where the segment leads.
    public init(lane: AudienceID, have: Position, through: Position) {
        self.lane = lane
        self.have = have
        self.through = through
    }

    public mutating func receive(_ frame: Frame) -> Action {
        guard case .deliver(let delivery) = frame, delivery.lane == lane, !isOver else {
            return fail("a segment of \(lane) with something else in it")
        }
        var last = last ?? .origin
        for entry in delivery.batch.entries {
            guard let position = entry.placement?.position, position > last,
                entry.envelope.audience == lane
            else { return fail("changes of a segment of \(lane) do not rise after \(last)") }
            last = position
        }
        guard delivery.through >= last, delivery.through <= through else {
            return fail("a delivery of a segment of \(lane) ends at \(delivery.through)")
        }
        self.last = delivery.through
        isOver = delivery.through == through
        return delivery.through <= have ? .pass : .apply(delivery)
    }

    /// All of it was received; nil when it led to where it should.
    public func end() -> ProtocolError? {
        isOver ? nil : ProtocolError(.outOfOrder, "a segment of \(lane) ends before \(through)")
    }

    private mutating func fail(_ message: String) -> Action {
        isOver = true
        return .fail(ProtocolError(.outOfOrder, message))
    }
}
