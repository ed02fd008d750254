import ChangeLog
import SyncProtocol
import Testing

@Suite struct PullPlanTests {
    private let everyone = Roster.audience
    private let mine = AudienceID(family: "organisation", RecordID(Identifier128(high: 0, low: 1)))
    private let other = AudienceID(family: "nomination", RecordID(Identifier128(high: 0, low: 2)))

    private func opening(_ want: Want, _ readable: [AudienceID], head: UInt64) -> (PullPlan, [Frame]) {
        PullPlan.opening(want, readable: readable, head: Position(head), first: everyone)
    }

    // P-040
    @Test func aNewClientGetsALaneForEachAudienceAndTheRosterFirst() {
        let (plan, frames) = opening(
            Want(cursor: .origin, isLive: false, held: []), [mine, everyone].sorted(), head: 9)
        #expect(frames == [.grant(everyone, end: Position(9)), .grant(mine, end: Position(9))])
        #expect(plan.lanes.map(\.audience) == [everyone, mine])
        #expect(!plan.carries(mine, at: Position(9)))
        #expect(plan.carries(mine, at: Position(10)))
    }

    /// An older record of a granted audience never arrives in the main stream, and none is left out:
    /// the lane ends where the main stream begins.
    /// P-040.
    @Test func everyPositionOfAnAudienceComesExactlyOnce() {
        let held = [Want.Held(audience: everyone, have: Position(5), end: Position(5))]
        let (plan, _) = opening(
            Want(cursor: Position(7), isLive: false, held: held), [everyone, mine], head: 12)
        for position in UInt64(1)...20 {
            let inLane = plan.lanes.contains {
                $0.audience == mine && position > $0.have.value && position <= $0.end.value
            }
            #expect(inLane != plan.carries(mine, at: Position(position)), "position \(position)")
        }
    }

    @Test func anInterruptedLaneGoesOnWhereItStopped() {
        let held = [Want.Held(audience: mine, have: Position(3), end: Position(8))]
        let (plan, frames) = opening(Want(cursor: Position(9), isLive: false, held: held), [mine], head: 12)
        #expect(frames.isEmpty)
        #expect(plan.lanes.map(\.have) == [Position(3)])
        #expect(plan.lanes.map(\.end) == [Position(8)])
    }

    @Test func aRevokedAudienceLeavesLaneAndStreamAtOnce() {
        var (plan, _) = opening(
            Want(cursor: .origin, isLive: true, held: []), [mine, other].sorted(), head: 4)
        let frames = plan.update(readable: [other], grantsEnd: { _ in Position(6) })
        #expect(frames == [.revoke([mine])])
        #expect(!plan.carries(mine, at: Position(7)))
        #expect(plan.lanes.map(\.audience) == [other])
        #expect(
            plan.update(readable: [mine, other].sorted(), grantsEnd: { _ in Position(8) }) == [
                .grant(mine, end: Position(8))
            ])
    }

    @Test func anAudienceWithoutOlderChangesHasNoLane() {
        var (plan, _) = opening(Want(cursor: .origin, isLive: true, held: []), [], head: 0)
        _ = plan.update(readable: [mine], grantsEnd: { _ in .origin })
        #expect(plan.lanes.isEmpty)
        #expect(plan.carries(mine, at: Position(1)))
    }

    /// A want may name 65,536 audiences; work that grows with their square would keep a server busy
    /// for minutes with one request.
    @Test(.timeLimit(.minutes(1)))
    func aWantOfManyForeignAudiencesIsAnsweredAtOnce() {
        let held = (0..<20_000).map { number in
            let subject = RecordID(Identifier128(high: 0, low: UInt64(number)))
            return Want.Held(
                audience: AudienceID(family: "organisation", subject), have: .origin, end: Position(1))
        }
        let want = Want(cursor: Position(1), isLive: false, held: held)
        let (plan, frames) = opening(want, [mine], head: 1)
        #expect(frames == [.revoke(held.map(\.audience).filter { $0 != mine })])
        #expect(plan.lanes.map(\.audience) == [mine])
    }
}
