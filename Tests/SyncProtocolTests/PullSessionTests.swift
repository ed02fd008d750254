import ChangeLog
import SyncProtocol
import Testing

@Suite struct PullSessionTests {
    private let audience = AudienceID(family: "team", RecordID(Identifier128(high: 0, low: 1)))

    /// A session that holds nothing and has delivered up to 5.
    private func session(takesSegments: Bool = false) -> PullSession {
        let hello = Hello(
            replica: ReplicaID(Identifier128(high: 1, low: 2)), epoch: Epoch(1), cursor: Position(5))
        var session = PullSession(
            hello: hello, want: Want(cursor: Position(5), isLive: false, held: []),
            takesSegments: takesSegments)
        let welcome = Welcome(
            version: ProtocolLimits.version, epoch: Epoch(1), head: Position(9), milliseconds: 0)
        _ = session.receive(.welcome(welcome))
        return session
    }

    /// P-040: what stands between the end of the lane and the cursor would never come.
    @Test func aLaneThatEndsBeforeTheCursorIsRefused() {
        for end: UInt64 in [0, 4] {
            var session = session()
            guard case .fail(let error) = session.receive(.grant(audience, end: Position(end))) else {
                Issue.record("a grant up to \(end) was taken")
                continue
            }
            #expect(error.code == .outOfOrder)
        }
    }

    private func segments(_ ends: UInt64...) -> Frame {
        .segments(
            SegmentList(
                lane: audience,
                segments: ends.map { .init(through: Position($0), size: 1, hash: .zero) }))
    }

    // P-160
    @Test func segmentsLeadALaneOnAndNothingElseOfItComes() {
        var session = session(takesSegments: true)
        #expect(session.opening.dropLast().last == .segmented)
        _ = session.receive(.grant(audience, end: Position(9)))
        guard case .fetch(let list) = session.receive(segments(3, 5)) else {
            Issue.record("segments were not taken")
            return
        }
        #expect(list.segments.map(\.through) == [Position(3), Position(5)])
        for faulty in [
            segments(5), segments(4, 6), segments(10), segments(),
            .deliver(Delivery(lane: audience, through: Position(9), batch: Batch(entries: [], heads: []))),
        ] {
            var session = session
            guard case .fail(let error) = session.receive(faulty) else {
                Issue.record("\(faulty) was taken")
                continue
            }
            #expect(error.code == .outOfOrder)
        }
        guard case .fetch = session.receive(segments(6)) else {
            Issue.record("further segments were not taken")
            return
        }
        #expect(session.receive(.current(Position(5))) == .current(Position(5)))
    }

    // P-160
    @Test func segmentsThatWereNotAskedForAreRefused() {
        var session = session()
        _ = session.receive(.grant(audience, end: Position(9)))
        guard case .fail = session.receive(segments(3)) else {
            Issue.record("segments were taken")
            return
        }
    }

    /// An audience that begins after the cursor has an empty lane that ends there.
    @Test func aLaneMayEndAtTheCursorOrBeyond() {
        for end: UInt64 in [5, 9] {
            var session = session()
            let action = session.receive(.grant(audience, end: Position(end)))
            #expect(action == .grant(audience, end: Position(end)))
        }
    }
}
