import ChangeLog
import Merging
import OfflineReplica
import SyncProtocol
import Testing
import TextCRDT

struct RecordingTests {
    @Test func anEditIsReadAtOnceAndAfterReopening() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let changes = try await replica.record([
            Draft(notes, operations: TestDomain.create(1, title: "Café"))
        ])
        #expect(changes.map(\.number) == [1])
        let titles = try await replica.read { try $0.summaries(of: TestDomain.note).map(\.title) }
        #expect(titles == ["Café"])
        try replica.close()
        let again = try bench.open("anna")
        let found = try await again.read { try $0.search("cafe").map(\.record) }
        #expect(found == [TestDomain.record(1)])
        #expect(try await again.view().own == 1)
    }

    @Test func aTextIsRecordedAsItsDifference() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let note = TestDomain.record(1)
        try await replica.record([
            Draft(
                notes,
                TestDomain.create(1, title: "A").map { .operation($0) } + [.text(note, "body", "Beste jury")])
        ])
        let unchanged = try await replica.record([Draft(notes, [.text(note, "body", "Beste jury")])])
        #expect(unchanged.isEmpty)
        let change = try await replica.record([Draft(notes, [.text(note, "body", "Beste leden")])])
        let last = try #require(change.first)
        let logged = try await replica.read { try $0.log().first { $0.envelope.id == last } }
        let operation = try #require(logged?.change?.operations.first)
        guard case .edit(_, _, let check, let edits) = operation else {
            Issue.record("no text edit but \(operation)")
            return
        }
        #expect(edits == [.delete(at: 6, count: 4), .insert(at: 6, text: "leden")])
        #expect(check == TextCheck([ChangeID(replica: replica.identity.replica, number: 1)]))
        let text = try await replica.read { try $0.merged(note, in: notes)?["body"]?.value?.text }
        #expect(text == "Beste leden")
    }

    // P-003
    /// Regression 19.
    @Test func anOldFormIsRecordedOnItsOwnView() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let note = TestDomain.record(1)
        try await replica.record([
            Draft(
                notes, TestDomain.create(1, title: "A").map { .operation($0) } + [.text(note, "body", "one")])
        ])
        let form = try await replica.view()
        try await replica.record([Draft(notes, [.text(note, "body", "one two")])])
        // The form still shows "one": what it makes of it is merged, and takes nothing away.
        let late = try await replica.record([Draft(notes, [.text(note, "body", "zero one")])], on: form)
        let id = try #require(late.first)
        let envelope = try await replica.read { try $0.log().first { $0.envelope.id == id }?.envelope }
        #expect(envelope?.base.own == 1)
        let text = try await replica.read { try $0.merged(note, in: notes)?["body"]?.value?.text }
        #expect(text == "zero one two")
        let shown = try await replica.read { try $0.text(of: note, "body", in: notes, at: form) }
        #expect(shown == "one")
    }

    @Test func whatTheRulesRefuseLeavesNoTrace() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let other = try TestDomain.audience("other")
        await #expect(throws: TestDomain.forbidden) {
            try await replica.record([
                Draft(notes, operations: TestDomain.create(1, title: "fine")),
                Draft(other, operations: TestDomain.create(2, title: "forbidden")),
            ])
        }
        #expect(try await replica.view().own == 0)
        #expect(try await replica.read { try $0.counts().records } == 0)
        #expect(try await replica.outbox().batch == nil)
    }

    @Test func aViewOfTheFutureIsRefused() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let now = try await replica.view()
        for view in [
            View(epoch: now.epoch, cursor: Position(1), own: 0),
            View(epoch: now.epoch, cursor: .origin, own: 1),
        ] {
            let error = await #expect(throws: Reason.self) {
                try await replica.record(
                    [Draft(notes, operations: TestDomain.create(1, title: "A"))], on: view)
            }
            #expect(error?.code == "base.future")
        }
    }

    @Test func structureIsCheckedBeforeTheServerSeesIt() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let note = TestDomain.record(1)
        let key = RecordKey([.text("k")])
        let cases: [(Operation, String)] = [
            (.write(note, "title", .register, .text("A")), "record.unknown"),
            (.create(note, kind: TestDomain.note, parent: nil, key: key), "record.key"),
            (
                .create(note, kind: TestDomain.comment, parent: TestDomain.record(2), key: nil),
                "record.unknown"
            ),
        ]
        for (operation, code) in cases {
            let error = await #expect(throws: Reason.self) {
                try await replica.record([Draft(notes, operations: [operation])])
            }
            #expect(error?.code == code)
        }
        let policy = await #expect(throws: Reason.self) {
            try await replica.record([
                Draft(
                    notes,
                    operations: TestDomain.create(1, title: "A") + [
                        .write(note, "body", .register, .text("x"))
                    ])
            ])
        }
        #expect(policy?.code == "field.policy")
    }

    @Test func severalAudiencesMakeOneGroup() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let drafts = [
            Draft(try TestDomain.audience("notes"), operations: TestDomain.create(1, title: "A")),
            Draft(try TestDomain.audience("other"), operations: TestDomain.create(2, title: "B")),
        ]
        try await replica.record(drafts)
        let batch = try #require(try await replica.outbox().batch)
        #expect(batch.entries.map { $0.envelope.group?.index } == [0, 1])
        #expect(batch.heads.count == 2)
        // A batch never divides it.
        let narrow = try await replica.outbox(limit: 1)
        #expect(narrow.batch?.entries.count == 2)
    }

    /// The server takes a group with one base only.
    /// P-003, P-006.
    @Test func aGroupHasOneBaseAndSeesNothingBeyondItsLeastKnownAudience() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let (notes, new) = (try TestDomain.audience("notes"), try TestDomain.audience("new"))
        try await bench.pull(replica, [notes])
        let drafts = [
            Draft(notes, operations: TestDomain.create(1, title: "A")),
            Draft(new, operations: TestDomain.create(2, title: "B")),
        ]
        try await replica.record(drafts)
        try await replica.record([drafts[0]])
        let bases = try await replica.read { try $0.log().prefix(3).map(\.envelope.base) }
        #expect(bases.map(\.position) == [bench.server.head, .origin, .origin])
        #expect(bases.map(\.own) == [2, 0, 0])
    }

    @Test func whatCouldNotBeReadAgainIsNotRecorded() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        let note = TestDomain.record(1)
        try await replica.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        let other = ChangeID(replica: ReplicaID(Identifier128(high: 9, low: 9)), number: 1)
        let large = String(repeating: "x", count: Limits.textBytes + 1)
        let cases: [(Operation, String)] = [
            (.remove(note, settling: [other, other]), "change.malformed"),
            (.write(note, "title", .register, .text(large)), "text.tooLarge"),
            (
                .write(
                    note, "title", .register,
                    .list([.text(String(large.dropLast(9))), .text(String(large.dropLast(9))), .null])),
                "change.tooLarge"
            ),
        ]
        for (operation, code) in cases {
            let error = await #expect(throws: Reason.self) {
                try await replica.record([Draft(notes, operations: [operation])])
            }
            #expect(error?.code == code)
        }
        #expect(try await replica.view().own == 1)
    }

    @Test func aClockSetBackDoesNotTurnTheLogAround() async throws {
        let bench = try Bench()
        let replica = try bench.replica("anna")
        let notes = try TestDomain.audience("notes")
        try await replica.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        bench.clock.milliseconds = 5
        try await replica.record([
            Draft(notes, operations: [.write(TestDomain.record(1), "title", .register, .text("B"))])
        ])
        let times = try await replica.read { try $0.log().map(\.envelope.time) }
        #expect(times.count == 2 && times[0] > times[1])
        #expect(try await replica.read { try $0.summaries().map(\.title) } == ["B"])
    }

    @Test func twoProcessesOnOneFolderNumberTheirEditsInTurn() async throws {
        let bench = try Bench()
        let first = try bench.replica("anna")
        let second = try bench.open("anna")
        let notes = try TestDomain.audience("notes")
        try await first.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        await withThrowingTaskGroup(of: Void.self) { group in
            for index in 0..<20 {
                group.addTask {
                    let replica = index.isMultiple(of: 2) ? first : second
                    try await replica.record([
                        Draft(
                            notes,
                            operations: [.insert(TestDomain.record(1), "tags", .integer(Int64(index)))])
                    ])
                }
            }
        }
        let tags = try await second.read {
            try $0.merged(TestDomain.record(1), in: notes)?["tags"]?.value?.list
        }
        #expect(tags?.count == 20)
        #expect(try await first.view().own == 21)
        // The server takes the chain whole: nothing is skipped or doubled.
        try await bench.push(first)
        #expect(bench.server.head.value == 2 + 21)
    }
}
