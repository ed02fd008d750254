import ChangeLog
import SyncProtocol
import Testing

@testable import SyncServer

@Suite struct FingerprintTests {
    /// What a reader has of an audience in a part.
    private func part(
        _ audience: AudienceID, _ after: UInt64, _ through: UInt64, of entries: [BatchEntry]
    ) -> RangeFingerprint {
        var sum = Fingerprint.zero
        for entry in entries where entry.envelope.audience == audience {
            guard let placement = entry.placement, placement.position.value > after,
                placement.position.value <= through
            else { continue }
            sum.add(
                at: placement.position, effective: placement.effective, inner: entry.inner(hash: sha256),
                hash: sha256)
        }
        return RangeFingerprint(
            range: FingerprintRange(
                audience: audience, after: Position(after), through: Position(through)), fingerprint: sum)
    }

    // P-130, P-131
    @Test func `parts are compared wherever they begin and end`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        for _ in 0..<5 {
            _ = try await device.push(
                (0..<500).map { _ in device.change([TestDomain.create(device.record())]) })
        }
        var reader = TestReader(device)
        try reader.take(try await device.frames())
        let head = await server.head().value
        var bits = SplitMix64(seed: 7)
        var (parts, altered) = ([RangeFingerprint](), [FingerprintRange]())
        for index in 0..<60 {
            let after = bits.next() % head
            let through = after + 1 + bits.next() % (head - after)
            var part = part(Roster.audience, after, through, of: reader.entries)
            if index.isMultiple(of: 3) {
                part.fingerprint = part.fingerprint + Fingerprint(sum: 1)
                altered.append(part.range)
            }
            parts.append(part)
        }
        for _ in 0..<2 {
            let answer = try await server.service.differing(parts, for: device.identity)
            #expect(answer.differing == altered, "seed 7")
        }
    }

    // P-131
    @Test func `nothing is told of what a device may not read, and what is not there yet differs`()
        async throws
    {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let own = AudienceID(family: "person", anna.person)
        _ = try await anna.push([anna.change(in: own, [TestDomain.create(anna.record())])])
        let head = await server.head().value
        let guess = part(own, 0, head, of: [])
        #expect(try await server.service.differing([guess], for: bert.identity).differing == [])
        #expect(try await server.service.differing([guess], for: anna.identity).differing == [guess.range])
        let future = part(Roster.audience, head, head + 1, of: [])
        #expect(try await server.service.differing([future], for: bert.identity).differing == [future.range])
    }

    // P-133
    @Test func `a question that would make the server look at too much is refused`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        for _ in 0..<2 {
            _ = try await device.push(
                (0..<500).map { _ in device.change([TestDomain.create(device.record())]) })
        }
        let parts = (0..<200).map { _ in part(Roster.audience, 1, 990, of: []) }
        let comparison = try await server.service.differing(parts, for: device.identity)
        // What was looked at until then is to be paid for all the same.
        #expect(comparison.differing == nil && comparison.walked > 65_536)
        let narrow = (0..<20_000).map { _ in part(Roster.audience, 1, 1, of: []) }
        #expect(try await server.service.differing(narrow, for: device.identity).differing == nil)
    }
}
