import ChangeLog
import SyncProtocol
import Testing

@Suite struct PullSessionTests {
    private let audience = AudienceID(family: "team", RecordID(Identifier128(high: 0, low: 1)))

    /// A session that holds nothing and has delivered up to 5.
    private func session() -> PullSession {
        let hello = Hello(
            replica: ReplicaID(Identifier128(high: 1, low: 2)), epoch: Epoch(1), cursor: Position(5))
        var session = PullSession(hello: hello, want: Want(cursor: Position(5), isLive: false, held: []))
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

    /// An audience that begins after the cursor has an empty lane that ends there.
    @Test func aLaneMayEndAtTheCursorOrBeyond() {
        for end: UInt64 in [5, 9] {
            var session = session()
            let action = session.receive(.grant(audience, end: Position(end)))
            #expect(action == .grant(audience, end: Position(end)))
        }
    }
}
