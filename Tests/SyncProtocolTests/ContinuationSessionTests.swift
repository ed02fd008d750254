import ChangeLog
import SyncProtocol
import Testing

@Suite struct ContinuationSessionTests {
    private let old = ReplicaID(Identifier128(high: 0, low: 7))
    private let new = ReplicaID(Identifier128(high: 0, low: 9))
    private var continuation: Continuation {
        Continuation(replica: new, continued: ChangeID(replica: old, number: 4))
    }
    private var session: ContinuationSession {
        ContinuationSession(
            hello: Hello(replica: old, epoch: Epoch(1), cursor: Position(3)), continuation: continuation)
    }
    private let welcome = Frame.welcome(Welcome(epoch: Epoch(1), head: Position(9), milliseconds: 0))

    // P-111
    @Test func `it asks under the old id, and is done with the answer about the new one`() {
        var session = session
        #expect(session.frames.map(\.description).last == "continue \(new) after=\(old):4")
        guard case .welcomed = session.receive(welcome) else { return #expect(Bool(false), "no welcome") }
        #expect(session.receive(.continued(continuation)) == .done)
        #expect(session.end() == nil)
    }

    @Test func `an answer about something else, or none, fails`() {
        let other = Continuation(replica: new, continued: ChangeID(replica: old, number: 5))
        var session = session
        _ = session.receive(welcome)
        #expect(session.receive(.continued(other)) == .fail(ProtocolError(.outOfOrder, "")))
        var silent = self.session
        _ = silent.receive(welcome)
        #expect(silent.end() == .fail(ProtocolError(.truncated, "")))
        var early = self.session
        #expect(early.receive(.continued(continuation)) == .fail(ProtocolError(.outOfOrder, "")))
    }

    // P-111
    @Test func `a replica that would continue a higher one is no frame`() {
        let frame = Frame.continue(Continuation(replica: old, continued: ChangeID(replica: new, number: 4)))
        #expect(throws: ProtocolError(.malformed, "")) { try Frame(body: Array(frame.bytes.dropFirst(4))) }
    }
}
