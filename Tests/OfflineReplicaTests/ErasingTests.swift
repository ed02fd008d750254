import ChangeLog
import Cryptography
import Merging
import OfflineReplica
import SyncProtocol
import Testing
import TransparencyLog

struct ErasingTests {
    private let note = TestDomain.record(1)
    private let whole = [ErasureMark(operation: 1, path: [], count: 100)]

    private func title(_ replica: Replica, _ audience: AudienceID) async throws -> Value? {
        let note = note
        return try await replica.read { try $0.merged(note, in: audience)?["title"]?.value }
    }

    // P-171
    @Test func itIsErasedWhereTheServerSaysSoAndNowhereElse() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        let made = try await anna.record([
            Draft(Roster.audience, TestDomain.create(1, title: "Overal").map { .operation($0) }),
            Draft(notes, TestDomain.create(1, title: "Hier").map { .operation($0) }),
        ])
        try await bench.sync(anna, [notes])
        try await bench.sync(bram, [notes])
        let (everywhere, here) = (made[0], made[1])
        // Said by somebody else, and said elsewhere.
        for erasure in [Erasure(of: everywhere, whole), Erasure(of: here, whole)] {
            _ = try await bram.record([
                Draft(Roster.audience, erasure.operations(Replica.hash).map { .operation($0) }),
                Draft(notes, erasure.operations(Replica.hash).map { .operation($0) }),
            ])
        }
        try bench.server.author(Erasure(of: here, whole).operations(Replica.hash))
        for replica in [bram, anna, bram] { try await bench.sync(replica, [notes]) }
        for replica in [anna, bram] {
            #expect(try await title(replica, Roster.audience) == .text("Overal"))
            #expect(try await title(replica, notes) == .text("Hier"))
        }
        try bench.server.author(Erasure(of: everywhere, whole).operations(Replica.hash))
        for replica in [anna, bram] {
            try await bench.sync(replica, [notes])
            #expect(try await title(replica, Roster.audience) == .text("******"))
            #expect(try await title(replica, notes) == .text("Hier"))
        }
        #expect(try await anna.digest() == (try await bram.digest()))
    }

    /// What is left of an erased change is no proof of anything, whoever puts the file together.
    @Test func noReceiptVouchesForWhatIsLeft() throws {
        let (author, server) = (try PrivateKey.generate(), try PrivateKey.generate())
        let envelope = Envelope(
            id: ChangeID(replica: ReplicaID(Identifier128(high: 1, low: 1)), number: 1),
            base: Base(epoch: Epoch(7), position: .origin, own: 0), time: HybridTime(milliseconds: 1),
            audience: Roster.audience, schema: 1)
        let signed = Change(
            envelope: envelope, salt: .plain(Identifier128(high: 2, low: 2)),
            operations: TestDomain.create(1, title: "Waar"))
        var forged = signed
        forged.operations = TestDomain.create(1, title: "Gelogen")
        forged.salt = .erased(commitment: Chain.commitment(of: signed, hash: Replica.hash))
        func receipt(of change: Change) throws -> Receipt {
            let hash = Chain.hash(of: change, previous: .zero, hash: Replica.hash)
            let leaf = ReceiptLeaf(received: 5, change: hash, verdict: .accepted, position: Position(1))
            let head = TreeHead(
                epoch: Epoch(7), size: 1, root: leaf.hash(Replica.hash), milliseconds: 6)
            return Receipt(
                change: change,
                evidence: ReceiptEvidence(
                    change: change.id, index: 0, received: 5, verdict: .accepted, position: Position(1),
                    path: [], previous: .zero, links: [],
                    signature: try author.sign(SignedHead.message(hash)),
                    key: author.publicKey.subjectPublicKeyInfo),
                head: SignedTreeHead(head: head, signature: try server.sign(head.message)),
                serverKey: server.publicKey, association: "Test")
        }
        try receipt(of: signed).check()
        #expect(throws: ReceiptError(.erased, "Something of the change was erased")) {
            try receipt(of: forged).check()
        }
    }
}
