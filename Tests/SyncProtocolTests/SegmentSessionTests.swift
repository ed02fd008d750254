import ChangeLog
import SyncProtocol
import Testing

@Suite struct SegmentSessionTests {
    private let lane = AudienceID(family: "team", RecordID(Identifier128(high: 0, low: 1)))

    private func delivery(
        _ positions: [UInt64], through: UInt64, lane: AudienceID?, in audience: AudienceID? = nil
    ) -> Frame {
        let entries = positions.map { position in
            var entry = TranscriptFrame.entry(number: position, audience: audience ?? self.lane)
            entry.placement = .init(position: Position(position), effective: HybridTime(0))
            return entry
        }
        return .deliver(
            Delivery(lane: lane, through: Position(through), batch: Batch(entries: entries, heads: [])))
    }

    private func session(have: UInt64) -> SegmentSession {
        SegmentSession(lane: lane, have: Position(have), through: Position(9))
    }

    private func isApplied(_ action: SegmentSession.Action) -> Bool {
        if case .apply = action { true } else { false }
    }

    // P-161
    @Test func whatIsHereIsPassedOverAndTheRestApplied() {
        let frames = [
            delivery([2, 3], through: 3, lane: lane), delivery([5], through: 6, lane: lane),
            delivery([8, 9], through: 9, lane: lane),
        ]
        for (have, applied) in [
            (0, [true, true, true]), (3, [false, true, true]), (5, [false, true, true]),
        ] {
            var session = session(have: UInt64(have))
            #expect(session.end() != nil)
            let actions = frames.map { session.receive($0) }
            #expect(actions.map(isApplied) == applied, "\(have) is here")
            #expect(session.end() == nil)
        }
    }

    // P-161, P-046
    @Test func nothingElseIsTaken() throws {
        let other = Roster.audience
        let faulty = [
            Frame.pulse(milliseconds: 1), delivery([2], through: 3, lane: nil),
            delivery([2], through: 3, lane: other), delivery([2], through: 3, lane: lane, in: other),
            delivery([3, 2], through: 3, lane: lane), delivery([2], through: 1, lane: lane),
            delivery([2], through: 10, lane: lane), delivery([1], through: 9, lane: lane),
        ]
        for frame in faulty {
            var session = session(have: 0)
            _ = session.receive(delivery([1], through: 1, lane: lane))
            guard case .fail(let error) = session.receive(frame) else {
                Issue.record("\(frame) was taken")
                continue
            }
            #expect(error.code == .outOfOrder)
            // And nothing after it.
            guard case .fail = session.receive(delivery([2], through: 9, lane: lane)) else {
                Issue.record("something was taken behind \(frame)")
                continue
            }
        }
        var whole = session(have: 0)
        _ = whole.receive(delivery([9], through: 9, lane: lane))
        guard case .fail = whole.receive(delivery([], through: 9, lane: lane)) else {
            Issue.record("something was taken behind the end")
            return
        }
    }
}
