import ChangeLog
import SyncProtocol
import Testing

@Suite struct ServerSessionTests {
    private let replica = ReplicaID(Identifier128(high: 1, low: 2))

    private func entry(_ number: UInt64, of replica: ReplicaID) throws -> BatchEntry {
        let envelope = Envelope(
            id: ChangeID(replica: replica, number: number),
            base: Base(epoch: Epoch(1), position: .origin, own: number - 1), time: HybridTime(0),
            audience: try #require(AudienceID("everyone")), schema: 1)
        return BatchEntry(envelope: envelope, body: .commitment(.zero))
    }

    private func action(for entries: [BatchEntry]) -> ServerSession.Action {
        var session = ServerSession(.push)
        _ = session.receive(.hello(Hello(replica: replica, epoch: Epoch(1), cursor: .origin)))
        return session.receive(.push(Batch(entries: entries, heads: [])))
    }

    private func isMalformed(_ entries: [BatchEntry]) -> Bool {
        guard case .refuse(let reason) = action(for: entries) else { return false }
        return reason.code == ProtocolError.Code.malformed.rawValue
    }

    // P-022
    @Test func aPushHasOneReplicaInOrderAndNoPlaces() throws {
        let (first, second) = (try entry(1, of: replica), try entry(2, of: replica))
        let stranger = try entry(3, of: ReplicaID(Identifier128(high: 3, low: 4)))
        var (placed, linked) = (first, first)
        placed.placement = BatchEntry.Placement(position: Position(1), effective: HybridTime(0))
        linked.links = [.zero]
        #expect(action(for: [first, second]) == .judge(Batch(entries: [first, second], heads: [])))
        #expect(isMalformed([second, first]))
        #expect(isMalformed([first, first]))
        #expect(isMalformed([first, stranger]))
        #expect(isMalformed([placed]))
        #expect(isMalformed([linked]))
    }
}
