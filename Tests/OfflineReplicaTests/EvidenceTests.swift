import ChangeLog
import Cryptography
import OfflineReplica
import SyncProtocol
import Testing

/// What a server, or anybody between, could do to a delivery.
struct EvidenceTests {
    private func scene() async throws -> (Bench, Replica, AudienceID) {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await bench.pull(bram, [notes])
        for number in UInt64(1)...3 {
            try await anna.record([Draft(notes, operations: TestDomain.create(number, title: "A"))])
        }
        try await bench.push(anna)
        return (bench, bram, notes)
    }

    // P-012, P-041
    @Test(arguments: Tampering.allCases)
    func nothingOfAnAlteredDeliveryIsTaken(_ tampering: Tampering) async throws {
        let (bench, bram, _) = try await scene()
        let before = try await bram.view()
        let stranger = try PrivateKey.generate()
        bench.server.tamper = { tampering.alter(&$0, stranger) }
        await #expect(throws: ReplicaError(.evidence, "")) { try await bench.main(bram) }
        #expect(try await bram.view() == before)
        #expect(try await bram.read { try $0.counts().records } == 2 + 2 + 1)
        // The true delivery still goes in.
        bench.server.tamper = { _ in }
        try await bench.main(bram)
        #expect(try await bram.read { try $0.summaries(of: TestDomain.note).count } == 3)
    }

    /// P-012, P-032. A device that signs its later change before its earlier one: in one delivery, and over two.
    @Test(arguments: [3, 1]) func numbersThatDoNotRiseAreNotTaken(inOne size: Int) async throws {
        let (bench, bram, notes) = try await scene()
        let key = try bench.open("anna").key()
        let cursor = try await bram.view().cursor
        let told = bench.server.delivery(of: [notes: .origin], after: cursor, through: bench.server.head)
        // Over two deliveries each of them rises by itself.
        let order = size == 3 ? [2, 1, 0] : [2, 0, 1]
        let entries = zip(order, told.batch.entries).map { index, place in
            var entry = told.batch.entries[index]
            entry.placement = place.placement
            return entry
        }
        #expect(entries.count == 3)
        var tip = ChangeHash.zero
        func forged(_ entries: some Collection<BatchEntry>) throws -> Delivery {
            for entry in entries {
                tip = Chain.link(previous: tip, inner: entry.inner(hash: Replica.hash), hash: Replica.hash)
            }
            let head = SignedHead(
                replica: try #require(entries.first).envelope.id.replica, audience: notes, links: [],
                signature: try key.sign(SignedHead.message(tip)))
            return Delivery(
                lane: nil, through: entries.compactMap(\.placement).map(\.position).max() ?? cursor,
                batch: Batch(entries: Array(entries), heads: [head]))
        }
        let first = try forged(entries.prefix(size))
        if size < entries.count { try await bram.apply(first) }
        let last = size < entries.count ? try forged(entries.dropFirst(size)) : first
        let before = try await bram.view()
        await #expect(throws: ReplicaError(.evidence, "")) { try await bram.apply(last) }
        #expect(try await bram.view() == before)
    }

    // P-012
    @Test func anAlteredLaneIsNotTaken() async throws {
        for tampering in Tampering.allCases {
            let (bench, _, notes) = try await scene()
            let carla = try bench.replica("carla")
            try await bench.pull(carla, [])
            let stranger = try PrivateKey.generate()
            bench.server.tamper = { if $0.lane == notes { tampering.alter(&$0, stranger) } }
            await #expect(throws: ReplicaError(.evidence, "")) { try await bench.pull(carla, [notes]) }
            #expect(try await carla.read { try $0.summaries(of: TestDomain.note).isEmpty })
        }
    }

    /// What came in the main stream beside a lane is checked when the lane is done.
    /// P-045.
    @Test func whatCameBesideALaneIsCheckedToo() async throws {
        let (bench, _, notes) = try await scene()
        let carla = try bench.replica("carla")
        try await bench.pull(carla, [])
        let end = bench.server.head
        try await carla.grant(notes, end: end)
        let anna = try bench.open("anna")
        try await anna.record([Draft(notes, operations: TestDomain.create(7, title: "late"))])
        try await bench.push(anna)
        let stranger = try PrivateKey.generate()
        bench.server.tamper = { Tampering.contents.alter(&$0, stranger) }
        try await bench.main(carla)
        bench.server.tamper = { _ in }
        await #expect(throws: ReplicaError(.evidence, "")) {
            try await carla.apply(
                bench.server.delivery(of: [notes: .origin], after: .origin, through: end, lane: notes))
        }
        #expect(try await carla.read { try $0.summaries(of: TestDomain.note).isEmpty })
    }

    /// A device writes in everyone's audience that a replica of its own belongs to it, or to another.
    /// P-026.
    @Test func nobodyButTheServerWritesTheRoster() async throws {
        let (bench, bram, notes) = try await scene()
        let anna = try bench.open("anna")
        let stranger = ReplicaID(Identifier128(high: 0xbad, low: 1))
        try await bench.pull(anna, [notes])
        try await anna.record([
            Draft(
                Roster.audience,
                operations: [
                    .write(
                        anna.identity.device, Roster.deviceReplicas, .decided,
                        .list([.bytes(stranger.bytes), .bytes(anna.identity.replica.bytes)]))
                ])
        ])
        try await bench.push(anna)
        try await bench.main(bram)
        #expect(try await bram.read { try $0.author(of: stranger) } == nil)
        // What comes under that replica's name is not taken, though its signature is anna's.
        let node = try #require(bench.server.node(ChangeID(replica: anna.identity.replica, number: 1)))
        var envelope = node.envelope
        envelope.id = ChangeID(replica: stranger, number: 1)
        let entry = BatchEntry(
            envelope: envelope, body: node.body,
            placement: BatchEntry.Placement(
                position: Position(bench.server.head.value + 1), effective: envelope.time))
        let hash = Chain.link(
            previous: .zero, inner: entry.inner(hash: OrderingServer.hash), hash: OrderingServer.hash)
        let head = SignedHead(
            replica: stranger, audience: notes, links: [],
            signature: try anna.key().sign(SignedHead.message(hash)))
        await #expect(throws: ReplicaError(.evidence, "")) {
            try await bram.apply(
                Delivery(
                    lane: nil, through: Position(bench.server.head.value + 1),
                    batch: Batch(entries: [entry], heads: [head])))
        }
    }

    // P-046
    @Test func anAudienceIsGrantedOnce() async throws {
        let (bench, bram, notes) = try await scene()
        defer { withExtendedLifetime(bench) {} }
        await #expect(throws: ReplicaError(.outOfOrder, "")) { try await bram.grant(notes, end: Position(1)) }
    }

    @Test func aGrantThatEndsBeforeTheCursorIsNotTaken() async throws {
        let (bench, bram, _) = try await scene()
        defer { withExtendedLifetime(bench) {} }
        let other = try TestDomain.audience("other")
        let before = Position(try await bram.view().cursor.value - 1)
        await #expect(throws: ReplicaError(.outOfOrder, "")) { try await bram.grant(other, end: before) }
        #expect(try await bram.read { try $0.audiences().contains { $0.audience == other } } == false)
    }

    // P-012
    @Test func anOwnChangeThatWasNotMadeHereMeansACopy() async throws {
        let (bench, _, notes) = try await scene()
        let anna = try bench.open("anna")
        bench.server.tamper = { delivery in
            for index in delivery.batch.entries.indices where delivery.lane == notes {
                Tampering.contents.alter(entry: &delivery.batch.entries[index])
            }
        }
        await #expect(throws: ReplicaError(.copied, "")) { try await bench.pull(anna, [notes]) }
    }

    // P-023, P-025
    @Test func changesWithoutAPositionLeadToTheNextOne() async throws {
        let (bench, bram, notes) = try await scene()
        let anna = try bench.open("anna")
        // The second of three is held, and the first of the next push refused.
        let changes = try await ["x", "y", "z"].asyncMap { title in
            try await anna.record([
                Draft(notes, operations: [.write(TestDomain.record(1), "title", .register, .text(title))])
            ])
        }.flatMap { $0 }
        try await bench.push(anna) { entry in
            entry.envelope.id == changes[1]
                ? .refuse(TestDomain.forbidden) : entry.envelope.id == changes[2] ? .hold : .accept
        }
        try await bench.main(bram)
        #expect(
            try await bram.read { try $0.summaries(of: TestDomain.note).map(\.title) } == ["x", "A", "A"])
        bench.server.release(anna.identity.replica)
        try await bench.main(bram)
        #expect(
            try await bram.read { try $0.summaries(of: TestDomain.note).map(\.title) } == ["z", "A", "A"])
        #expect(try await anna.digestAfter(bench, [notes]) == (try await bram.digest()))
    }
}

/// One way to alter a delivery.
enum Tampering: CaseIterable {
    case contents, missing, base, signature, noSignature, effectiveOrderOfLinks

    func alter(_ delivery: inout Delivery, _ stranger: PrivateKey) {
        guard !delivery.batch.entries.isEmpty else { return }
        switch self {
        case .contents:
            Self.contents.alter(entry: &delivery.batch.entries[delivery.batch.entries.count - 1])
        case .missing: delivery.batch.entries.removeFirst()
        case .base: delivery.batch.entries[0].envelope.base.position = Position(999)
        case .signature:
            delivery.batch.heads = delivery.batch.heads.map { head in
                SignedHead(
                    replica: head.replica, audience: head.audience, links: head.links,
                    signature: (try? stranger.sign(SignedHead.message(.zero))) ?? [])
            }
        case .noSignature: delivery.batch.heads = []
        case .effectiveOrderOfLinks: delivery.batch.entries[0].links = [.zero]
        }
    }

    func alter(entry: inout BatchEntry) {
        guard case .contents(let salt, var operations) = entry.body, !operations.isEmpty else { return }
        operations[operations.count - 1] = .write(
            operations[operations.count - 1].record, "title", .register, .text("altered"))
        entry.body = .contents(salt, operations)
    }
}

extension Sequence {
    func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
