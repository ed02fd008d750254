import ChangeLog
import SyncProtocol
import Testing

@Suite struct QuestionSessionTests {
    private let old = ReplicaID(Identifier128(high: 0, low: 7))
    private let new = ReplicaID(Identifier128(high: 0, low: 9))
    private var continuation: Continuation {
        Continuation(replica: new, continued: ChangeID(replica: old, number: 4))
    }
    private let parts = [
        RangeFingerprint(
            range: FingerprintRange(audience: Roster.audience, after: Position(2), through: Position(9)),
            fingerprint: Fingerprint(sum: 12))
    ]
    private let welcome = Frame.welcome(Welcome(epoch: Epoch(1), head: Position(9), milliseconds: 0))

    private func session(_ question: QuestionSession.Question) -> QuestionSession {
        QuestionSession(
            hello: Hello(replica: old, epoch: Epoch(1), cursor: Position(3)), question: question)
    }

    // P-111
    @Test func `it asks under the old id, and is done with the answer about the new one`() {
        var session = session(.continue(continuation))
        #expect(session.frames.map(\.description).last == "continue \(new) after=\(old):4")
        guard case .welcomed = session.receive(welcome) else { return #expect(Bool(false), "no welcome") }
        #expect(session.receive(.continued(continuation)) == .continued)
        #expect(session.end() == nil)
    }

    // P-131
    @Test func `it asks which parts differ, and is told of no others`() {
        var session = session(.compare(parts))
        #expect(session.frames.map(\.description).last == "fingerprints everyone@2/9")
        var other = session
        _ = session.receive(welcome)
        #expect(session.receive(.differing(parts.map(\.range))) == .differing(parts.map(\.range)))
        #expect(session.end() == nil)
        _ = other.receive(welcome)
        let elsewhere = FingerprintRange(audience: Roster.audience, after: .origin, through: Position(9))
        #expect(other.receive(.differing([elsewhere])) == .fail(ProtocolError(.outOfOrder, "")))
    }

    @Test func `an answer about something else, or none, fails`() {
        let other = Continuation(replica: new, continued: ChangeID(replica: old, number: 5))
        for answer in [Frame.continued(other), .differing([])] {
            var session = session(.continue(continuation))
            _ = session.receive(welcome)
            #expect(session.receive(answer) == .fail(ProtocolError(.outOfOrder, "")))
        }
        var silent = session(.compare(parts))
        _ = silent.receive(welcome)
        #expect(silent.end() == .fail(ProtocolError(.truncated, "")))
        var early = session(.continue(continuation))
        #expect(early.receive(.continued(continuation)) == .fail(ProtocolError(.outOfOrder, "")))
    }
}
