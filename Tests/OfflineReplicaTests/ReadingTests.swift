import ChangeLog
import Merging
import OfflineReplica
import SyncProtocol
import Testing

struct ReadingTests {
    private func scene() async throws -> (Bench, Replica, AudienceID) {
        let bench = try Bench()
        let anna = try bench.replica("anna")
        return (bench, anna, try TestDomain.audience("notes"))
    }

    @Test func titlesAreFoundWithoutCaseAndDiacritics() async throws {
        let (bench, anna, notes) = try await scene()
        defer { withExtendedLifetime(bench) {} }
        for (index, title) in ["Súdwest-Fryslân", "Sudwest", "Ten Boer"].enumerated() {
            try await anna.record([Draft(notes, operations: TestDomain.create(UInt64(index), title: title))])
        }
        func titled(_ words: String) async throws -> [String] {
            try await anna.read { try $0.titled(words).map(\.title) }
        }
        #expect(try await titled("SUDWEST-FRYSLAN") == ["Súdwest-Fryslân"])
        #expect(try await titled("sudwest") == ["Sudwest"])
        #expect(try await titled("súd") == ["Súdwest-Fryslân", "Sudwest"])
        #expect(try await titled("nowhere") == [])
        #expect(try await titled("") == [])
        // Decomposed letters are found as well.
        #expect(try await titled("Su\u{301}dwest-Frysla\u{302}n") == ["Súdwest-Fryslân"])
    }

    @Test func wordsAreFoundInAllThatIsShownAndNothingElse() async throws {
        let (bench, anna, notes) = try await scene()
        defer { withExtendedLifetime(bench) {} }
        let note = TestDomain.record(1)
        try await anna.record([
            Draft(
                notes,
                TestDomain.create(1, title: "Cafés").map { .operation($0) } + [
                    .text(note, "body", "een coöperatie van boeren"),
                    .operation(.insert(note, "tags", .text("landbouw"))),
                ])
        ])
        func found(_ words: String) async throws -> Bool {
            try await anna.read { try $0.search(words).map(\.record) == [note] }
        }
        for words in ["cooperatie", "CAFES", "boer", "landbouw cafe", "coöp"] {
            #expect(try await found(words), "\(words)")
        }
        // Whatever is typed is looked for, not obeyed.
        for words in [
            "niets", "boer niets", "\"", "\"boeren\" OR niets", "NEAR(a b", "title:cafes", "*", "-",
        ] {
            #expect(try await !found(words), "\(words)")
        }
        try await anna.record([Draft(notes, [.text(note, "body", "een vereniging")])])
        #expect(try await !found("boeren"))
        try await anna.record([Draft(notes, operations: [.remove(note, settling: [])])])
        #expect(try await !found("vereniging"))
        #expect(try await anna.read { try $0.summaries().isEmpty })
        #expect(try await anna.read { try $0.summary(of: note, in: notes)?.presence } == .removed)
        try await anna.record([Draft(notes, operations: [.restore(note, settling: [])])])
        #expect(try await found("vereniging"))
    }

    @Test func aPrefixOfAnIdIsEnough() async throws {
        let (bench, anna, notes) = try await scene()
        defer { withExtendedLifetime(bench) {} }
        let ids = [
            Identifier128(high: 0xabcd_ef01_0000_0000, low: 1),
            Identifier128(high: 0xabcd_ef02_0000_0000, low: 1),
        ].map { RecordID($0) }
        for id in ids {
            try await anna.record([
                Draft(notes, operations: [.create(id, kind: TestDomain.note, parent: nil, key: nil)])
            ])
        }
        func resolve(_ prefix: String) async throws -> [RecordID] {
            try await anna.read { try $0.resolve(prefix: prefix).map(\.record) }
        }
        #expect(try await resolve("abcdef") == ids)
        #expect(try await resolve("ABCDEF02") == [ids[1]])
        #expect(try await resolve(ids[0].description) == [ids[0]])
        #expect(try await resolve("abcde") == [])
        #expect(try await resolve("abcdeg") == [])
        #expect(try await resolve(ids[0].description + "0") == [])
    }

    @Test func listsComeInPages() async throws {
        let (bench, anna, notes) = try await scene()
        defer { withExtendedLifetime(bench) {} }
        for number in UInt64(1)...5 {
            try await anna.record([Draft(notes, operations: TestDomain.create(number, title: "\(number)"))])
        }
        try await anna.record([
            Draft(
                notes,
                operations: [
                    .create(
                        TestDomain.record(9), kind: TestDomain.comment, parent: TestDomain.record(2), key: nil
                    )
                ])
        ])
        let pages = try await anna.read { reader in
            let first = try reader.summaries(of: TestDomain.note, limit: 2)
            return [first, try reader.summaries(of: TestDomain.note, after: first.last?.record, limit: 2)]
        }
        #expect(pages.map { $0.map(\.title) } == [["1", "2"], ["3", "4"]])
        let children = try await anna.read { try $0.summaries(parent: TestDomain.record(2)).map(\.record) }
        #expect(children == [TestDomain.record(9)])
    }

    @Test func factsAreWhatIsAcceptedWithOwnOnesOnTop() async throws {
        let (bench, anna, notes) = try await scene()
        let bram = try bench.replica("bram")
        let note = TestDomain.record(1)
        for replica in [anna, bram] { try await bench.pull(replica, [notes]) }
        try await anna.record([
            Draft(
                notes,
                operations: TestDomain.create(1, title: "A") + [
                    .write(note, "stage", .decided, .text("open"))
                ])
        ])
        func stage(_ replica: Replica) async throws -> Value? {
            try await replica.read { try $0.decided(note, "stage", in: notes) }
        }
        #expect(try await stage(anna) == .text("open"))
        for replica in [anna, bram] { try await bench.sync(replica, [notes]) }
        #expect(try await stage(bram) == .text("open"))
        try await bram.record([Draft(notes, operations: [.write(note, "stage", .decided, .text("closed"))])])
        #expect(try await stage(bram) == .text("closed"))
        #expect(try await stage(anna) == .text("open"))
        let origin = try await bram.read { try $0.origin(of: note, in: notes) }
        #expect(origin?.author == anna.identity.person && origin?.kind == TestDomain.note)
        #expect(try await bram.read { try $0.records(of: TestDomain.note, in: notes) } == [note])
        // A person that the roster names, and a device.
        let name = try await bram.read { try $0.name(ofPerson: anna.identity.person) }
        #expect(name == "anna")
    }

    @Test func aFactIsTheWordOfTheAudienceThatIsAsked() async throws {
        let (bench, anna, notes) = try await scene()
        let other = try TestDomain.audience("other")
        let note = TestDomain.record(1)
        func decide(_ stage: String, in audience: AudienceID) async throws {
            try await anna.record([
                Draft(audience, operations: [.write(note, "stage", .decided, .text(stage))])
            ])
        }
        func stages() async throws -> [Value?] {
            try await anna.read { reader in
                try [notes, other].map { try reader.decided(note, "stage", in: $0) }
            }
        }
        for audience in [notes, other] {
            try await anna.record([Draft(audience, operations: TestDomain.create(1, title: "A"))])
        }
        try await decide("theirs", in: other)
        #expect(try await stages() == [nil, .text("theirs")])
        try await decide("ours", in: notes)
        try await bench.sync(anna, [notes, other])
        #expect(try await stages() == [.text("ours"), .text("theirs")])
        try await decide("theirs again", in: other)
        try await bench.sync(anna, [notes, other])
        #expect(try await stages() == [.text("ours"), .text("theirs again")])
    }

    @Test func theLogTellsWhereEachChangeStands() async throws {
        let (bench, anna, notes) = try await scene()
        try await bench.pull(anna, [notes])
        try await anna.record([Draft(notes, operations: TestDomain.create(1, title: "A"))])
        try await bench.sync(anna, [notes])
        let write = Operation.write(TestDomain.record(1), "title", .register, .text("B"))
        try await anna.record([Draft(notes, operations: [write])])
        let log = try await anna.read { try $0.log() }
        #expect(log.map(\.status.state).prefix(3) == [.queued, .accepted, .accepted])
        #expect(log.first?.change?.operations == [write])
        let older = try await anna.read { try $0.log(before: log[1].status.position) }
        #expect(older == Array(log.dropFirst(2)))
        #expect(try await anna.read { try $0.log(of: TestDomain.record(1)).count } == 2)
        let story = try await anna.read { try $0.merged(TestDomain.record(1), in: notes)?["title"]?.history }
        #expect(story?.map(\.outcome) == [.superseded, .shown])
    }

    @Test func aChildsEditKeepsItsRemovedParentInView() async throws {
        let (bench, anna, notes) = try await scene()
        let bram = try bench.replica("bram")
        let (note, comment) = (TestDomain.record(1), TestDomain.record(2))
        for replica in [anna, bram] { try await bench.pull(replica, [notes]) }
        try await anna.record([
            Draft(
                notes,
                operations: TestDomain.create(1, title: "A") + [
                    .create(comment, kind: TestDomain.comment, parent: note, key: nil)
                ])
        ])
        for replica in [anna, bram] { try await bench.sync(replica, [notes]) }
        try await anna.record([Draft(notes, operations: [.remove(note, settling: [])])])
        try await bench.sync(anna, [notes])
        #expect(try await anna.read { try $0.summary(of: note, in: notes)?.presence } == .removed)
        try await bram.record([Draft(notes, operations: [.write(comment, "title", .register, .text("C"))])])
        for replica in [bram, anna] { try await bench.sync(replica, [notes]) }
        for replica in [anna, bram] {
            let summary = try await replica.read { try $0.summary(of: note, in: notes) }
            #expect(summary?.presence == .disputed && summary?.conflicts == 1)
            let conflict = try #require(try await replica.read { try $0.conflicts().first })
            #expect(conflict.conflict.kind == .removed)
            #expect(try await replica.read { try $0.conflict(conflict.conflict.id) } == conflict)
        }
    }
}
