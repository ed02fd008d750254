public import ChangeLog

/// The client's side of a pull, as a state machine: frames in, actions out, no I/O and no clock.
///
/// It guards what a replica builds on: the welcome comes first, positions rise, deliveries belong to
/// an audience that was granted, a lane ends where its grant said and not before the cursor, nothing
/// follows a refusal.
public struct PullSession: Sendable {
    /// What the shell is to do.
    public enum Action: Hashable, Sendable {
        /// Remember the server's clock and epoch.
        case welcomed(Welcome)
        /// Begin to stage this audience.
        case grant(AudienceID, end: Position)
        /// Compare with the tree head that is known, before anything of this exchange is taken over.
        case compared(TreeComparison)
        /// The server was restored: go over to its epoch, and begin anew.
        case restored([SignedEpoch])
        /// Apply in one transaction, cursor or lane included.
        case apply(Delivery)
        /// These parts, of those that were asked for, are otherwise at the server.
        case differing([FingerprintRange])
        /// Fetch these once the stream is over, and apply them; what follows them comes with another pull.
        case fetch(SegmentList)
        case revoke([AudienceID])
        /// Everything that was committed when the request came is here.
        case current(Position)
        case pulse(milliseconds: Int64)
        /// End the exchange with this error; nothing more is to be read.
        case fail(ProtocolError)
        case refused(Reason)
    }

    private enum State: Hashable { case opening, comparing, streaming, ended }

    private let hello: Hello
    private let want: Want
    private let known: UInt64?
    private let fingerprints: [RangeFingerprint]
    private let asked: Set<FingerprintRange>
    private let takesSegments: Bool
    private var state = State.opening
    /// Whether the server stands in another epoch than the client.
    private var isElsewhere = false
    /// The newest position of the server, where that is before the cursor.
    private var shortHead: Position?
    private var cursor: Position
    /// How far each held lane goes: have and end.
    private var lanes: [AudienceID: (have: Position, end: Position)]
    /// Of which some is to be fetched: nothing more comes of them.
    private var segmented: Set<AudienceID> = []

    /// - Parameters:
    ///   - known: the size of the newest tree that is known, 0 for none; nil asks for no head.
    ///   - fingerprints: what is to be compared with the server's.
    ///   - takesSegments: whether large lanes may come as files.
    public init(
        hello: Hello, want: Want, known: UInt64? = nil, fingerprints: [RangeFingerprint] = [],
        takesSegments: Bool = false
    ) {
        self.takesSegments = takesSegments
        self.hello = hello
        self.want = want
        self.known = known
        self.fingerprints = fingerprints
        asked = Set(fingerprints.map(\.range))
        cursor = want.cursor
        lanes = [:]
        for held in want.held { lanes[held.audience] = (held.have, held.end) }
    }

    /// What to send at the start.
    public var opening: [Frame] {
        [.hello(hello)] + (known.map { [.compare($0)] } ?? [])
            + (fingerprints.isEmpty ? [] : [.fingerprints(fingerprints)])
            + (takesSegments ? [.segmented] : []) + [.want(want)]
    }

    public mutating func receive(_ frame: Frame) -> Action {
        if state == .ended { return fail("a frame after the end") }
        if case .refusal(let reason) = frame {
            state = .ended
            return .refused(reason)
        }
        if isElsewhere, state == .comparing || state == .streaming {
            // Of another epoch nothing can be taken over.
            guard case .restored(let epochs) = frame else { return fail("how the epoch began comes first") }
            state = .ended
            return .restored(epochs)
        }
        switch state {
        case .opening: return receiveWelcome(frame)
        case .comparing:
            // A server that keeps its head to itself has something to hide.
            guard case .tree(let comparison) = frame else { return fail("the tree head comes first") }
            state = .streaming
            return .compared(comparison)
        case .streaming: return receiveInStream(frame)
        case .ended: return fail("a frame after the end")
        }
    }

    /// The stream has ended: a fault before the welcome, otherwise nothing special.
    public mutating func end() -> Action? {
        defer { state = .ended }
        let missing: String
        switch state {
        case .opening: missing = "welcome"
        case .comparing: missing = "tree head"
        case .streaming, .ended: return nil
        }
        return .fail(ProtocolError(.truncated, "the server closed the stream before its \(missing)"))
    }

    private mutating func receiveWelcome(_ frame: Frame) -> Action {
        guard case .welcome(let welcome) = frame else { return fail("a welcome comes first") }
        guard welcome.version == ProtocolLimits.version else {
            state = .ended
            return .fail(ProtocolError(.version, "the server speaks version \(welcome.version)"))
        }
        if let epoch = hello.epoch {
            isElsewhere = epoch != welcome.epoch
            if !isElsewhere, welcome.head < cursor { shortHead = welcome.head }
        }
        // The tree head is evidence of what went wrong, and is waited for.
        guard known == nil else {
            state = .comparing
            return .welcomed(welcome)
        }
        if let shortHead { return failShort(of: shortHead) }
        state = .streaming
        return .welcomed(welcome)
    }

    private mutating func failShort(of head: Position) -> Action {
        fail("the server's newest position \(head) is before this replica's \(cursor)")
    }

    private mutating func receiveInStream(_ frame: Frame) -> Action {
        if let shortHead { return failShort(of: shortHead) }
        switch frame {
        case .grant(let audience, let end):
            guard lanes[audience] == nil else { return fail("\(audience) is granted twice") }
            // What stands between the two would come neither in the lane nor in the main stream.
            guard end >= cursor else {
                return fail("\(audience) is granted up to \(end), before this replica's \(cursor)")
            }
            lanes[audience] = (.origin, end)
            return .grant(audience, end: end)
        case .revoke(let audiences):
            for audience in audiences {
                guard lanes.removeValue(forKey: audience) != nil else {
                    return fail("\(audience) is revoked but was not held")
                }
                segmented.remove(audience)
            }
            return .revoke(audiences)
        case .deliver(let delivery): return receive(delivery)
        case .segments(let list): return receive(list)
        case .differing(let ranges):
            guard ranges.allSatisfy(asked.contains) else {
                return fail("a part differs that was not asked for")
            }
            return .differing(ranges)
        case .current(let position):
            guard position <= cursor else { return fail("current at \(position), delivered to \(cursor)") }
            return .current(position)
        case .pulse(let milliseconds): return .pulse(milliseconds: milliseconds)
        case .hello, .push, .ask, .want, .purged, .compare, .prove, .continue, .offer, .lodge, .evidence,
            .fingerprints, .segmented, .welcome, .verdicts, .tree, .receipt, .continued, .restored, .refusal:
            return fail("a frame that has no place in a pull")
        }
    }

    private mutating func receive(_ list: SegmentList) -> Action {
        let audience = list.lane
        guard takesSegments, let lane = lanes[audience], let first = list.segments.first,
            let last = list.segments.last
        else { return fail("segments of \(audience) that were not asked for") }
        guard first.through > lane.have, last.through <= lane.end else {
            return fail("segments of \(audience) that do not lie in its lane")
        }
        lanes[audience]?.have = last.through
        segmented.insert(audience)
        return .fetch(list)
    }

    private mutating func receive(_ delivery: Delivery) -> Action {
        if let lane = delivery.lane, segmented.contains(lane) {
            return fail("a delivery in the lane of \(lane) behind segments")
        }
        var last = delivery.lane.map { lanes[$0]?.have ?? .origin } ?? cursor
        let begin = last
        for entry in delivery.batch.entries {
            guard let placement = entry.placement, placement.position > last else {
                return fail("positions of a delivery do not rise after \(last)")
            }
            last = placement.position
            let audience = entry.envelope.audience
            guard let lane = lanes[audience] else {
                return fail("a change of \(audience), which is not held")
            }
            if let expected = delivery.lane {
                guard audience == expected else {
                    return fail("a change of \(audience) in the lane of \(expected)")
                }
            } else if placement.position <= lane.end {
                return fail("a change of the lane of \(audience) in the main stream")
            }
        }
        guard delivery.through >= last, delivery.through >= begin else {
            return fail("a delivery ends at \(delivery.through), before its last change")
        }
        if let audience = delivery.lane {
            guard let lane = lanes[audience], delivery.through <= lane.end else {
                return fail("the lane of \(audience) goes beyond its end")
            }
            lanes[audience]?.have = delivery.through
        } else {
            cursor = delivery.through
        }
        return .apply(delivery)
    }

    private mutating func fail(_ message: String) -> Action {
        state = .ended
        return .fail(ProtocolError(.outOfOrder, message))
    }
}
