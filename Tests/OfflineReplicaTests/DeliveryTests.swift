import ChangeLog
import Merging
import OfflineReplica
import SyncProtocol
import Testing

struct DeliveryTests {
    private func titles(_ replica: Replica) async throws -> [String] {
        try await replica.read { try $0.summaries(of: TestDomain.note).map(\.title) }
    }

    @Test func twoReplicasComeToOneState() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        let note = TestDomain.record(1)
        try await anna.record([
            Draft(
                notes, TestDomain.create(1, title: "A").map { .operation($0) } + [.text(note, "body", "one")])
        ])
        try await bench.sync(anna, [notes])
        try await bench.sync(bram, [notes])
        #expect(try await titles(bram) == ["A"])
        try await anna.record([
            Draft(
                notes,
                [.operation(.write(note, "title", .register, .text("B"))), .text(note, "body", "one two")])
        ])
        try await bram.record([
            Draft(
                notes,
                [.operation(.write(note, "title", .register, .text("C"))), .text(note, "body", "zero one")])
        ])
        for replica in [anna, bram, anna] { try await bench.sync(replica, [notes]) }
        let digest = try await anna.digest()
        #expect(digest == (try await bram.digest()))
        #expect(digest.pending == 0 && digest.cursor == bench.server.head)
        #expect(digest.audiences.map(\.audience) == [Roster.audience, notes])
        for replica in [anna, bram] {
            let conflicts = try await replica.read { try $0.conflicts() }
            #expect(conflicts.map(\.conflict.kind) == [.value])
            #expect(conflicts.first?.conflict.candidates.count == 2)
            #expect(try await replica.read { try $0.counts().conflicts } == 1)
            #expect(try await replica.read { try $0.state(of: note, in: notes) } == .conflict)
            let body = try await replica.read { try $0.merged(note, in: notes)?["body"]?.value?.text }
            #expect(body == "zero one two")
        }
        let author = try await bram.read { try $0.author(of: anna.identity.replica) }
        #expect(author?.personName == "anna" && author?.device == anna.identity.device)
    }

    // P-052
    @Test func aDigestEndsAtTheCursor() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        for replica in [anna, bram] { try await bench.pull(replica, [notes]) }
        for replica in [anna, bram] { try await bench.main(replica) }
        let before = try await bram.digest()
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        #expect(try await anna.digest().pending == 1)
        // It has its position, but what stands before it has not come.
        try await bench.push(anna)
        #expect(try await anna.digest() == before)
        try await bench.main(anna)
        #expect(try await anna.digest() != before)
    }

    // P-036
    @Test func anAcceptedEditTakesTheServersTime() async throws {
        let bench = try Bench()
        let anna = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        // A clock a year ahead.
        bench.clock.milliseconds += 365 * 86_400_000
        let change = try #require(
            try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))]).first)
        try await bench.sync(anna, [notes])
        let status = try #require(try await anna.read { try $0.status(of: change) })
        #expect(status.state == .accepted && status.position == bench.server.head)
        #expect(status.effective?.milliseconds == bench.server.nowMilliseconds)
        let event = try await anna.read {
            try $0.merged(TestDomain.record(1), in: notes)?["title"]?.history.first
        }
        #expect(event?.time == status.effective)
    }

    /// Regression 3.
    @Test func foreignStampsDoNotMoveTheClock() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        bench.clock.milliseconds += 1_000_000
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        try await bench.sync(anna, [notes])
        bench.clock.milliseconds -= 1_000_000
        try await bench.sync(bram, [notes])
        let change = try #require(
            try await bram.record([Draft(notes, operations: TestDomain.create(2, title: "B"))]).first)
        let time = try await bram.read { try $0.log().first { $0.envelope.id == change }?.envelope.time }
        #expect(time?.milliseconds == bench.clock.milliseconds)
    }

    // P-003, P-042, P-045
    @Test func aGrantIsInvisibleUntilItIsWhole() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await bench.pull(bram, [])
        for number in 1...4 {
            try await anna.record([
                Draft(notes, operations: TestDomain.create(UInt64(number), title: "A\(number)"))
            ])
        }
        try await bench.sync(anna, [notes])
        let end = bench.server.head
        try await bram.grant(notes, end: end)
        // Something comes in the main stream while the lane is still on its way.
        try await anna.record([
            Draft(notes, operations: [.write(TestDomain.record(1), "title", .register, .text("newer"))])
        ])
        try await bench.push(anna)
        try await bench.main(bram)
        let begin = Position(end.value - 4)
        let middle = Position(end.value - 2)
        try await bram.apply(
            bench.server.delivery(of: [notes: .origin], after: .origin, through: middle, lane: notes))
        #expect(try await titles(bram) == [])
        #expect(try await bram.read { try $0.search("A1").isEmpty })
        #expect(try await bram.read { try $0.merged(TestDomain.record(1), in: notes) } == nil)
        #expect(try await bram.read { try $0.log(of: TestDomain.record(1)).isEmpty })
        #expect(try await bram.read { try $0.audiences().last?.isComplete } == false)
        // An edit made now has seen nothing there: its position is 0.
        let early = try #require(
            try await bram.record([Draft(notes, operations: TestDomain.create(9, title: "mine"))]).first)
        let base = try await bram.read { try $0.log().first { $0.envelope.id == early }?.envelope.base }
        #expect(base?.position == .origin)
        // It goes on where it stopped, in another process.
        let want = try await bram.want(isLive: false)
        #expect(want.held.last == Want.Held(audience: notes, have: middle, end: end) && middle > begin)
        let again = try bench.open("bram")
        let applied = try await again.apply(
            bench.server.delivery(of: [notes: .origin], after: middle, through: end, lane: notes))
        #expect(applied.whole == [notes])
        #expect(try await titles(bram) == ["newer", "A2", "A3", "A4", "mine"])
        try await bench.sync(bram, [notes])
        try await bench.pull(anna, [notes])
        #expect(try await anna.digest() == (try await bram.digest()))
    }

    // P-003
    @Test func aFormFromBeforeTheGrantHasSeenNothingOfIt() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await bench.pull(bram, [])
        let form = try await bram.view()
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        try await bench.sync(anna, [notes])
        try await bench.main(bram)
        try await bench.pull(bram, [notes])
        let old = try #require(
            try await bram.record(
                [Draft(notes, operations: [.write(TestDomain.record(1), "title", .register, .text("B"))])],
                on: form
            ).first)
        let new = try #require(
            try await bram.record(
                [Draft(notes, operations: [.write(TestDomain.record(1), "order", .quiet, .integer(1))])])
                .first)
        let log = try await bram.read { try $0.log() }
        #expect(log.first { $0.envelope.id == old }?.envelope.base.position == .origin)
        #expect(log.first { $0.envelope.id == new }?.envelope.base.position == bench.server.head)
    }

    // P-041
    @Test func aDeliveryThatComesTwiceIsTakenOnce() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        for replica in [anna, bram] { try await bench.pull(replica, [notes]) }
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        try await bench.push(anna)
        let cursor = try await bram.view().cursor
        let delivery = bench.server.delivery(
            of: [notes: .origin, Roster.audience: .origin], after: cursor, through: bench.server.head)
        #expect(try await bram.apply(delivery).received == 1)
        #expect(try await bram.apply(delivery).received == 0)
        #expect(try await titles(bram) == ["A"])
        #expect(try await bram.view().cursor == bench.server.head)
    }

    @Test func whatAnotherProcessHasReceivedMeanwhileIsPassedOver() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        for replica in [anna, bram] { try await bench.pull(replica, [notes]) }
        let thresholds: [AudienceID: Position] = [notes: .origin, Roster.audience: .origin]
        let cursor = try await bram.view().cursor
        var deliveries: [Delivery] = []
        for number in 1...2 {
            try await anna.record([Draft(notes, operations: TestDomain.create(UInt64(number), title: "A"))])
            try await bench.push(anna)
            deliveries.append(
                bench.server.delivery(of: thresholds, after: cursor, through: bench.server.head))
        }
        #expect(try await bram.apply(deliveries[1]).received == 2)
        #expect(try await bram.apply(deliveries[0]).received == 0)
        #expect(try await bram.view().cursor == bench.server.head)
        #expect(try await titles(bram) == ["A", "A"])
    }

    // P-046
    @Test func changesOfAnAudienceThatWasNeverGrantedAreNotTaken() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        try await bench.sync(anna, [notes])
        let delivery = bench.server.delivery(of: [notes: .origin], after: .origin, through: bench.server.head)
        await #expect(throws: ReplicaError(.outOfOrder, "")) { try await bram.apply(delivery) }
        #expect(try await bram.view().cursor == .origin)
    }

    // P-043
    /// Regression 11.
    @Test func aRevocationDeletesEverythingButOwnUnsentEdits() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "confidential"))])
        try await bench.sync(anna, [notes])
        try await bench.pull(bram, [notes])
        try await bram.record([
            Draft(notes, operations: [.write(TestDomain.record(1), "order", .quiet, .integer(1))])
        ])
        try await bench.sync(bram, [notes])
        try await bram.record([
            Draft(notes, operations: [.write(TestDomain.record(1), "title", .register, .text("mine"))])
        ])
        try await bram.revoke([notes])
        #expect(try await titles(bram) == [])
        #expect(
            try await bram.read {
                try $0.search("confidential").isEmpty && $0.log(of: TestDomain.record(1)).count == 1
            })
        let tray = try await bram.read { try $0.tray() }
        #expect(tray.map(\.reason.code) == ["audience.revoked"])
        #expect(tray.first?.operations == [.write(TestDomain.record(1), "title", .register, .text("mine"))])
        #expect(try bench.files(of: "bram").allSatisfy { !$0.contains("confidential") })
        #expect(try bench.files(of: "anna").contains { $0.contains("confidential") })
        #expect(try await bram.purged() == [notes])
        try await bram.confirmPurged([notes])
        #expect(try await bram.purged() == [])
        // Granted again, everything is there again, own accepted edits included.
        try await bench.pull(bram, [notes])
        #expect(try await titles(bram) == ["confidential"])
        #expect(try await bram.digest().audiences == (try await anna.digestAfter(bench, [notes])).audiences)
    }

    /// Regression 23: one number of a base stands for all own changes, also for those that are not back yet.
    // P-134
    @Test func nothingIsEditedUntilOwnEarlierEditsAreBack() async throws {
        let bench = try Bench()
        let bram = try bench.replica("bram")
        let notes = try TestDomain.audience("notes")
        let title = Operation.write(TestDomain.record(1), "title", .register, .text("new"))
        try await bram.record([Draft(notes, operations: TestDomain.create(1, title: "of before"))])
        try await bench.sync(bram, [notes])
        try await bram.revoke([notes])
        for isGranted in [false, true] {
            if isGranted { try await bram.grant(notes, end: bench.server.head) }
            let refusal = await #expect(throws: Reason.self) {
                try await bram.record([Draft(notes, operations: [title])])
            }
            #expect(refusal?.code == "audience.arriving")
        }
        try await bram.apply(
            bench.server.delivery(
                of: [notes: .origin], after: .origin, through: bench.server.head, lane: notes))
        #expect(try await titles(bram) == ["of before"])
        try await bram.record([Draft(notes, operations: [title])])
        #expect(try await titles(bram) == ["new"])
    }

    /// Regression 2. Both are made offline, and go in one push.
    @Test func removedAndCreatedAgainUnderItsKeyIsThereForOthers() async throws {
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        let key = RecordKey([.text("Delft")])
        let note = key.record(kind: TestDomain.note, hash: OrderingServer.hash)
        let create = Operation.create(note, kind: TestDomain.note, parent: nil, key: key)
        try await anna.record([
            Draft(notes, operations: [create, .write(note, "title", .register, .text("A"))])
        ])
        for replica in [anna, bram] { try await bench.sync(replica, [notes]) }
        try await anna.record([Draft(notes, operations: [.remove(note, settling: [])])])
        try await anna.record([Draft(notes, operations: [create])])
        #expect(try await bench.push(anna).count == 2)
        for replica in [anna, bram] {
            try await bench.main(replica)
            #expect(try await titles(replica) == ["A"])
        }
        #expect(try await anna.digest() == (try await bram.digest()))
    }

    /// The program dies between the deletion and the emptying of the write-ahead log.
    @Test func whatTheLogStillHoldsIsNotSaidToBeDeleted() async throws {
        struct Died: Error {}
        let bench = try Bench()
        let (anna, bram) = (try bench.replica("anna"), try bench.replica("bram"))
        let notes = try TestDomain.audience("notes")
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "confidential"))])
        try await bench.sync(anna, [notes])
        try await bench.pull(bram, [notes])
        var environment = bench.environment
        environment.probe = { step in if step == .didWrite { throw Died() } }
        let dying = try Replica.open(
            at: bench.path("bram"), rules: TestDomain.rules, environment: environment)
        await #expect(throws: Died.self) { try await dying.revoke([notes]) }
        #expect(try bench.files(of: "bram").contains { $0.contains("confidential") })
        #expect(try await bram.purged() == [notes])
        #expect(try bench.files(of: "bram").allSatisfy { !$0.contains("confidential") })
        try dying.close()
    }

    @Test func theRestOfAGroupGoesWithARevokedAudience() async throws {
        let bench = try Bench()
        let anna = try bench.replica("anna")
        let (notes, other) = (try TestDomain.audience("notes"), try TestDomain.audience("other"))
        try await bench.pull(anna, [notes, other])
        try await anna.record([
            Draft(notes, operations: TestDomain.create(1, title: "A")),
            Draft(other, operations: TestDomain.create(2, title: "B")),
        ])
        try await anna.revoke([other])
        let tray = try await anna.read { try $0.tray() }
        #expect(tray.map(\.entry.number) == [2, 2] && tray.map(\.id.number) == [1, 2])
        #expect(try await titles(anna) == [])
    }

    @Test func whatIsReadEqualsWhatTheLogGives() async throws {
        for seed in UInt64(1)...6 {
            try await RandomLife(seed: seed).run()
        }
    }
}

extension Replica {
    /// The digest once everything is here.
    func digestAfter(_ bench: Bench, _ audiences: [AudienceID]) async throws -> ReplicaDigest {
        try await bench.pull(self, audiences)
        return try await digest()
    }
}
