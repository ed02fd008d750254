import ChangeLog
import Cryptography
import GRDB
import SyncProtocol
import Testing
import TransparencyLog

@testable import SyncServer

/// The tree of receipts: what becomes a leaf, what is signed, and what can be proved of it.
@Suite struct TreeTests {
    /// What a leaf says of a change: `number state position`.
    private func leaves(_ server: TestServer, of device: TestDevice) async throws -> [String] {
        let bits = device.replica.bytes.blob
        return try await server.service.engine.read { ledger in
            try ledger.db.all(
                """
                SELECT number, state, position FROM (
                    SELECT leaf, replica, number, state, position FROM verdict
                    UNION ALL SELECT leaf, replica, number, state, NULL FROM formerleaf)
                WHERE replica = (SELECT id FROM replica WHERE bits = ?) ORDER BY leaf
                """, [bits]
            ).map { row in
                let position = (row[2] as Int64?).map { " @\($0)" } ?? ""
                return "\(row[0] as Int64) \(row[1] as Int64)\(position)"
            }
        }
    }

    /// The newest head, after its signature was checked.
    private func head(_ server: TestServer, from known: TreeHead? = nil) async throws -> TreeHead {
        let comparison = try await server.service.comparison(with: known?.size ?? 0)
        let signed = comparison.signed
        #expect(server.key.publicKey.verify(signed.signature, over: signed.head.message))
        if let known {
            let proof = ConsistencyProof(
                first: known.size, second: signed.head.size, path: comparison.path)
            #expect(proof.proves(known.root, in: signed.head.root, hash: sha256))
        }
        return signed.head
    }

    // P-080
    @Test func `every receipt and every later verdict is a leaf`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let entries = [
            device.change([TestDomain.create(note)]), device.change([TestDomain.write(note, "hold")]),
            device.change([TestDomain.write(note, "a")]), device.change([TestDomain.write(note, "refuse")]),
        ]
        // The third waits for the second, which has not come.
        _ = try await device.push([entries[0]])
        _ = try await device.push([entries[2]])
        let first = await server.head().value
        #expect(try await leaves(server, of: device) == ["1 1 @\(first)", "3 3"])
        // Now it waits behind the held one instead: that is no new verdict.
        _ = try await device.push([entries[1]])
        #expect(try await leaves(server, of: device) == ["1 1 @\(first)", "3 3", "2 2"])
        _ = try await device.push([entries[3]])
        let before = try await head(server)
        try await server.service.release(entries[1].envelope.id)
        #expect(
            try await leaves(server, of: device).dropFirst(3) == [
                "4 3", "2 1 @\(first + 1)", "3 1 @\(first + 2)", "4 4",
            ])
        #expect(try await head(server, from: before).size == before.size + 3)
        // Said again, nothing is added.
        let after = try await head(server)
        _ = try await device.push(entries)
        #expect(try await head(server) == after)
        #expect(try await server.service.verify().isSound)
    }

    // P-080
    @Test func `a decline is a leaf, and a group that is held leaves none of its acceptance`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let note = device.record()
        let group = device.group([
            (Roster.audience, [TestDomain.create(note)]), (device.own, [TestDomain.create(device.record())]),
            (Roster.audience, [TestDomain.write(note, "hold")]),
        ])
        #expect(try await device.push(group).map(\.code) == Array(repeating: "held test.held", count: 3))
        #expect(try await leaves(server, of: device) == ["1 2", "2 2", "3 2"])
        try await server.service.decline(group[1].envelope.id, reason: "No.")
        #expect(try await leaves(server, of: device).dropFirst(3) == ["1 4", "2 4", "3 4"])
        #expect(try await server.service.verify().isSound)
    }

    /// Work that fails after it was judged takes its leaves with it, and no other's.
    @Test func `what is rolled back is in no leaf`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let before = try await head(server)
        let (batch, engine) = (
            try device.batch([device.change([TestDomain.create(device.record())])]), server.service.engine
        )
        let (replica, identity) = (device.replica, device.identity)
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await engine.queue.commit { ledger in
                let linked = LinkedBatch(batch, of: replica, key: identity.publicKey, hash: sha256)
                _ = try engine.intake(in: ledger).receive(linked, of: replica, from: identity.device)
                throw Failure()
            }
        }
        #expect(try await head(server) == before)
        #expect(try await device.push(batch).map(\.code) == ["accepted"])
        #expect(try await head(server, from: before).size == before.size + 1)
        #expect(try await server.service.verify().isSound)
    }

    // P-082, P-083
    @Test func `every head goes on from every earlier one, over hours and restarts`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        var heads = [try await head(server)]
        for round in 0..<40 {
            let entries = (0...round % 3).map { _ in device.change([TestDomain.create(device.record())]) }
            _ = try await device.push(entries)
            server.clock.advance(1_000_000)
            if round == 20 { try await server.reopen() }
            for known in heads { #expect(try await head(server, from: known).size > known.size) }
            heads.append(try await head(server))
        }
        #expect(heads.map(\.milliseconds) == heads.map(\.milliseconds).sorted())
        // The newest of each hour is kept: 40 rounds are a little more than eleven hours.
        let kept = try await server.service.engine.read { ledger in
            try ledger.db.one("SELECT count(*) FROM treehead", [])?[0] as Int?
        }
        #expect((kept ?? 0) < 15)
        #expect(try await server.service.verify().isSound)
    }

    // P-081, P-086
    @Test func `a receipt proves what became of a change to who may read it`() async throws {
        let server = try await TestServer()
        let (anna, bert) = (try await server.device(), try await server.device())
        let note = anna.record()
        let entries = [
            anna.change([TestDomain.create(note)]), anna.change([TestDomain.write(note, "hold")]),
            anna.change([TestDomain.write(note, "b")]),
            anna.change(in: anna.own, [TestDomain.create(anna.record())]),
        ]
        let received = server.clock.now
        _ = try await anna.push(entries)
        server.clock.advance(5000)
        _ = try await bert.push([bert.change([TestDomain.create(bert.record())])])
        let head = try await head(server)
        var previous: [AudienceID: ChangeHash] = [:]
        for (entry, verdict) in zip(entries, [LoggedVerdict.accepted, .held, .waiting, .accepted]) {
            let id = entry.envelope.id
            let receipt = try await server.service.receipt(of: id, in: head.size, for: anna.identity)
            #expect(receipt.verdict == verdict && receipt.received == received)
            let audience = entry.envelope.audience
            #expect(receipt.previous == previous[audience] ?? .zero)
            let hash = Chain.link(
                previous: receipt.previous, inner: entry.inner(hash: sha256), hash: sha256)
            previous[audience] = hash
            let leaf = ReceiptLeaf(
                received: receipt.received, change: hash, verdict: verdict, position: receipt.position)
            let proof = InclusionProof(index: receipt.index, size: head.size, path: receipt.path)
            #expect(proof.proves(leaf.hash(sha256), under: head.root, hash: sha256))
            // The author's signature covers it, by the links.
            let signed = receipt.links.reduce(hash) {
                Chain.link(previous: $0, inner: $1, hash: sha256)
            }
            let key = try PublicKey(subjectPublicKeyInfo: receipt.key)
            #expect(key == anna.key.publicKey)
            #expect(key.verify(receipt.signature, over: SignedHead.message(signed)))
        }
        // Another device gets what it may read, and nothing of what has no position.
        let first = entries[0].envelope.id
        let theirs = try await server.service.receipt(of: first, in: head.size, for: bert.identity)
        #expect(theirs.verdict == .accepted)
        for id in entries.dropFirst().map(\.envelope.id) {
            await #expect(throws: Refusal.receiptUnknown) {
                try await server.service.receipt(of: id, in: head.size, for: bert.identity)
            }
        }
        for (id, size) in [(ChangeID(replica: anna.replica, number: 99), head.size), (first, 0)] {
            await #expect(throws: Refusal.receiptUnknown) {
                try await server.service.receipt(of: id, in: size, for: anna.identity)
            }
        }
    }

    // P-084
    @Test func `a head follows the welcome when it is asked for, and then only`() async throws {
        let server = try await TestServer()
        let device = try await server.device()
        let want = Want(cursor: .origin, isLive: false, held: [])
        for known: UInt64? in [nil, 0, 2, 1 << 40] {
            var frames: [Frame] = []
            for try await frame in server.service.pull(
                device.hello, want, known: known, for: device.identity)
            { frames.append(frame) }
            let trees = frames.indices.filter { if case .tree = frames[$0] { true } else { false } }
            #expect(trees == (known == nil ? [] : [1]))
            guard known != nil, case .tree(let comparison) = frames[1] else { continue }
            #expect(comparison.path.isEmpty == (known != 2))
        }
    }
}
