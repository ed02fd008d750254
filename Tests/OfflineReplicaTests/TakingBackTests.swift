import ChangeLog
import Cryptography
import Merging
import OfflineReplica
import SyncProtocol
import Testing

/// What its author takes back before it has an answer.
struct TakingBackTests {
    private let note = TestDomain.record(1)

    /// A note that both hold, and two edits of it by the first: a title that is to be taken back, and a
    /// tag behind it.
    private struct Scene {
        let bench: Bench
        let anna: Replica
        let bram: Replica
        let notes: AudienceID
        let title: ChangeID
    }

    private func scene() async throws -> Scene {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await bench.pull(anna, [notes])
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        try await bench.sync(anna, [notes])
        try await bench.pull(bram, [notes])
        let title = try await anna.record([
            Draft(notes, operations: [.write(note, "title", .register, .text("B"))])
        ])
        try await anna.record([Draft(notes, operations: [.insert(note, "tags", .text("later"))])])
        return Scene(bench: bench, anna: anna, bram: bram, notes: notes, title: try #require(title.first))
    }

    private func shown(_ scene: Scene, by replica: Replica) async throws -> (title: String?, tags: [Value]) {
        let (note, notes) = (note, scene.notes)
        return try await replica.read { reader in
            let merged = try reader.merged(note, in: notes)
            return (merged?["title"]?.value?.text, merged?["tags"]?.value?.list ?? [])
        }
    }

    @Test func itLeavesTheViewAndWhatComesBehindItIsAcceptedByAll() async throws {
        let scene = try await scene()
        #expect(try await shown(scene, by: scene.anna).title == "B")
        #expect(try await scene.anna.takeBack(scene.title))
        #expect(try await shown(scene, by: scene.anna).title == "A")

        // The number stays in the chain, without contents: those behind it are signed over it.
        let entries = try #require(try await scene.anna.outbox().batch).entries
        #expect(entries.map { $0.change == nil } == [true, false])
        let verdicts = try await scene.bench.push(scene.anna)
        guard case .refused(let reason)? = verdicts.first?.verdict else {
            Issue.record("\(verdicts)")
            return
        }
        #expect(reason.code == "change.withdrawn")
        try await scene.bench.main(scene.anna)
        try await scene.bench.main(scene.bram)
        for replica in [scene.anna, scene.bram] {
            let (title, tags) = try await shown(scene, by: replica)
            #expect(title == "A" && tags == [.text("later")])
        }
        let counts = try await scene.anna.read { try $0.counts() }
        #expect(counts.tray == 0 && counts.queued == 0)
        #expect(
            try await scene.anna.digest().audiences.map(\.digest)
                == scene.bram.digest().audiences.map(\.digest))
    }

    /// The first offer had arrived, and only its answer was lost: the verdict stands.
    @Test func whatTheServerHasAcceptedComesBack() async throws {
        let scene = try await scene()
        let offer = try #require(try await scene.anna.outbox().batch)
        _ = try scene.bench.server.push(offer)
        #expect(try await scene.anna.takeBack(scene.title))
        #expect(try await shown(scene, by: scene.anna).title == "A")
        try await scene.bench.push(scene.anna)
        try await scene.bench.main(scene.anna)
        #expect(try await shown(scene, by: scene.anna).title == "B")
        #expect(try await scene.anna.read { try $0.counts() }.tray == 0)
    }

    @Test func whatHasAnAnswerStays() async throws {
        let scene = try await scene()
        try await scene.bench.push(scene.anna)
        #expect(try await !scene.anna.takeBack(scene.title))
        #expect(try await shown(scene, by: scene.anna).title == "B")
    }

    @Test func whatAnotherEditIsBuiltOnStays() async throws {
        let scene = try await scene()
        let other = TestDomain.record(2)
        let creation = try await scene.anna.record([
            Draft(scene.notes, operations: TestDomain.create(2, title: "New"))
        ])
        try await scene.anna.record([
            Draft(scene.notes, operations: [.write(other, "title", .register, .text("Newer"))])
        ])
        #expect(try await !scene.anna.takeBack(try #require(creation.first)))
        let notes = scene.notes
        #expect(
            try await scene.anna.read { try $0.merged(other, in: notes) }?["title"]?.value?.text == "Newer")
    }

    /// The answer to the first push was lost, and a pull brought back what it had accepted: between what
    /// was taken back and what comes now stands a change that needs no answer any more.
    @Test func aBatchHasNoGapWhereAPullBroughtBackWhatWasAccepted() async throws {
        let scene = try await scene()
        #expect(try await scene.anna.takeBack(scene.title))
        let offer = try #require(try await scene.anna.outbox().batch)
        _ = try scene.bench.server.push(offer)
        try await scene.bench.main(scene.anna)
        try await scene.anna.record([Draft(scene.notes, operations: [.insert(note, "tags", .text("last"))])])

        var sent: [UInt64] = []
        while let batch = try await scene.anna.outbox().batch {
            // The server takes each entry to follow the one before it in its chain.
            #expect(batch.entries.dropFirst().allSatisfy { $0.previous == nil })
            var hash = try #require(batch.entries.first?.previous)
            for entry in batch.entries {
                hash = Chain.link(previous: hash, inner: entry.inner(hash: Replica.hash), hash: Replica.hash)
            }
            let key = try scene.anna.key().publicKey
            #expect(key.verify(batch.heads[0].signature, over: SignedHead.message(hash)))
            sent += batch.entries.map(\.envelope.id.number)
            try await scene.bench.push(scene.anna)
        }
        #expect(sent == [2, 4])
        #expect(try await scene.anna.read { try $0.counts() }.queued == 0)
    }
}
