import ChangeLog
import Testing

@Suite("What a change saw")
struct SightTests {
    private let own = Samples.replica
    private let other = ReplicaID(Identifier128(high: 1, low: 2))

    /// A change of `own` on the view of position 10 and own number 3; its stamp is the highest there is.
    private func envelope() throws -> Envelope {
        Envelope(
            id: ChangeID(replica: own, number: 9),
            base: Base(epoch: Epoch(1), position: Position(10), own: 3), time: HybridTime(.max),
            audience: try #require(AudienceID("everyone")), schema: 1)
    }

    // P-005
    @Test func othersByPositionAlone() throws {
        let change = ChangeID(replica: other, number: 1)
        #expect(try envelope().saw(change, at: Position(10)))
        #expect(try !envelope().saw(change, at: Position(11)))
        #expect(
            try !envelope().saw(change, at: nil), "a change without a position is its own replica's alone")
    }

    // P-005
    @Test func itsOwnReplicasByNumberAloneWhateverTheirPosition() throws {
        for position in [nil, Position(2), Position(99)] {
            #expect(try envelope().saw(ChangeID(replica: own, number: 3), at: position))
            #expect(try !envelope().saw(ChangeID(replica: own, number: 4), at: position))
        }
    }
}
