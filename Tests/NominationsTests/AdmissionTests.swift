import ChangeLog
import MunicipalRegister
import Nominations
import Testing

@Suite("What is admitted")
struct AdmissionTests {
    private let award: TestAward
    private let nomination: RecordID

    init() throws {
        award = try TestAward()
        nomination = try award.nominationOfDelft()
    }

    /// The code of a refusal or a hold; "accepted" otherwise.
    private func verdict(
        _ operations: [Operation], in audience: Audience, by author: TestReplica,
        schema: UInt32 = NominationSchema.version
    ) throws -> String {
        let envelope = Envelope(
            id: ChangeID(replica: author.replica, number: 1000),
            base: Base(epoch: TestServer.epoch, position: .origin, own: 999),
            time: HybridTime(milliseconds: award.server.now), audience: audience.id, schema: schema)
        let admission = Admission(
            author: .person(author.person, device: author.person), envelope: envelope, operations: operations,
            receivedMilliseconds: award.server.now)
        switch try award.server.rules.admit(admission, award.server.facts) {
        case .accept: return "accepted"
        case .hold(let reason), .refuse(let reason):
            #expect(!reason.message.isEmpty)
            #expect(!reason.remedy.isEmpty)
            return reason.code
        }
    }

    private func title(_ text: String) -> Operation {
        .write(nomination, NominationField.title, .register, .text(text))
    }

    @Test("A draft is its organisation's to write")
    func drafts() throws {
        let home = Audience.organisation(award.welfare)
        #expect(try verdict([title("x")], in: home, by: award.anna) == "accepted")
        #expect(try verdict([title("x")], in: home, by: award.bram) == "accepted")
        for outsider in [award.carla, award.secretariat, award.reviewer] {
            #expect(try verdict([title("x")], in: home, by: outsider) == "audience.forbidden")
        }
    }

    @Test("A nomination stands with the organisation that its key names, under the id that follows from it")
    func keys() throws {
        let mine = award.key("Ede", of: award.welfare)
        let home = Audience.organisation(award.welfare)
        func create(_ id: RecordID, _ key: RecordKey?) -> [Operation] {
            [.create(id, kind: .nomination, parent: nil, key: key)]
        }
        #expect(
            try verdict(create(mine.nomination(testHash), mine.recordKey), in: home, by: award.anna)
                == "accepted")
        #expect(try verdict(create(record(7777), mine.recordKey), in: home, by: award.anna) == "record.key")
        #expect(try verdict(create(record(7777), nil), in: home, by: award.anna) == "record.key")
        #expect(
            try verdict(create(record(7777), RecordKey([.text("Ede")])), in: home, by: award.anna)
                == "record.key")
        let theirs = award.key("Ede", of: award.youthWork)
        #expect(
            try verdict(create(theirs.nomination(testHash), theirs.recordKey), in: home, by: award.anna)
                == "nomination.organisation")
        let nowhere = NominationKey(edition: record(5), organisation: award.welfare, nominee: mine.nominee)
        #expect(
            try verdict(create(nowhere.nomination(testHash), nowhere.recordKey), in: home, by: award.anna)
                == "edition.unknown")
    }

    @Test("Closing holds for what was submitted before, however it is said again")
    func closing() throws {
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        let key = award.key("Delft", of: award.welfare)
        let (place, standing) = (Audience.nomination(key.nomination(testHash)), key.standing(testHash))
        let submission = try #require(award.submissions(of: "Delft", by: award.welfare).first?.record)
        for record in [standing, submission] {
            for operation in [Operation.remove(record, settling: []), .restore(record, settling: [])] {
                #expect(try verdict([operation], in: place, by: award.anna) == "submission.lasting")
            }
        }
        let anew = [
            Operation.write(standing, StandingField.standing, .decided, .text("submitted")),
            .resolve(standing, StandingField.standing, .decided, .value(.text("submitted")), settling: []),
        ]
        for operation in anew {
            #expect(try verdict([operation], in: place, by: award.anna) == "accepted")
        }
        award.server.now = TestAward.closes + 1
        for operation in anew {
            #expect(try verdict([operation], in: place, by: award.anna) == "submission.closed")
        }
    }

    @Test("Whether something stands where one does not read, no refusal tells")
    func probesElsewhere() throws {
        let about = JuryKey(nominee: award.key("Delft", of: award.welfare).nominee, edition: award.edition)
        let key = award.key("Delft", of: award.welfare)
        let review = ReviewKey(reviewer: award.reviewer.person, about: about)
        let recusal = RecusalKey(reviewer: award.reviewer.person, subject: about.subject(testHash))
        let records = [
            key.nomination(testHash), key.standing(testHash), review.review(testHash),
            recusal.recusal(testHash), record(4242),
        ]
        let audiences: [Audience] = [
            .organisation(award.welfare), .nomination(key.nomination(testHash)),
            .jury(about.subject(testHash)), .review(review.review(testHash)), .panel, .workgroup,
            .person(award.anna.person),
        ]
        func answers() throws -> [String] {
            try audiences.flatMap { audience in
                try records.flatMap { record in
                    try [
                        Operation.write(record, StandingField.standing, .decided, .text("submitted")),
                        .write(record, "x", .register, .null), .remove(record, settling: []),
                        .create(record, kind: .annotation, parent: nil, key: nil),
                        .create(record, kind: .assignment, parent: nil, key: RecordKey([.text("x")])),
                        .create(record, kind: .standing, parent: nil, key: key.recordKey),
                        .create(record, kind: .review, parent: nil, key: review.recordKey),
                        .create(record, kind: .recusal, parent: nil, key: recusal.recordKey),
                    ].map { try verdict([$0], in: audience, by: award.carla) }
                }
            }
        }
        let before = try answers()
        #expect(Set(before) == ["audience.forbidden"])
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.reviewer.perform(Assess(nominee: "Delft", advice: .award, isSubmitted: true))
        try award.reviewer.perform(Recuse(nominee: "Delft"))
        try award.reviewer.sync()
        #expect(try answers() == before)
    }

    @Test("Who is recused does not find out what came in, nor makes a place of his own there")
    func recusedProbes() throws {
        let key = award.key("Delft", of: award.welfare)
        let (place, standing) = (Audience.nomination(key.nomination(testHash)), key.standing(testHash))
        let assign = RecordKey([.text("conflict")])
        let operations = [
            Operation.create(
                assign.record(kind: .assignment, hash: testHash), kind: .assignment, parent: nil, key: assign),
            .create(standing, kind: .standing, parent: nil, key: key.recordKey),
            .create(standing, kind: .annotation, parent: nil, key: nil),
            .write(standing, StandingField.standing, .decided, .text("submitted")),
            .remove(standing, settling: []),
        ]
        func answers() throws -> Set<String> {
            Set(try operations.map { try verdict([$0], in: place, by: award.reviewer) })
        }
        #expect(try answers() == ["audience.forbidden"])
        try award.reviewer.perform(Recuse(nominee: "Delft"))
        try award.reviewer.sync()
        #expect(try answers() == ["audience.forbidden"])
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        #expect(try answers() == ["audience.forbidden"])
    }

    @Test("Who does not read an audience is not told what there is in it")
    func probes() throws {
        let home = Audience.organisation(award.welfare)
        let wrong = Operation.write(nomination, NominationField.title, .quiet, .text("x"))
        let absent = Operation.write(record(31337), NominationField.title, .register, .text("x"))
        let other = Operation.create(nomination, kind: .annotation, parent: nil, key: nil)
        for operation in [title("x"), wrong, absent, other, .remove(record(31337), settling: [])] {
            #expect(try verdict([operation], in: home, by: award.carla) == "audience.forbidden")
        }
        #expect(try verdict([absent], in: home, by: award.anna) == "record.unknown")
    }

    @Test("Nobody submits for another organisation, nor in the place of another nomination")
    func foreignSubmissions() throws {
        let theirs = award.key("Delft", of: award.welfare)
        let place = Audience.nomination(theirs.nomination(testHash))
        let create = Operation.create(
            theirs.standing(testHash), kind: .standing, parent: nil, key: theirs.recordKey)
        #expect(try verdict([create], in: place, by: award.anna) == "accepted")
        #expect(try verdict([create], in: place, by: award.carla) == "audience.forbidden")
        #expect(try verdict([create], in: place, by: award.secretariat) == "audience.forbidden")
        let mine = award.key("Delft", of: award.youthWork)
        let wrong = Operation.create(
            mine.standing(testHash), kind: .standing, parent: nil, key: mine.recordKey)
        #expect(try verdict([wrong], in: place, by: award.carla) == "audience.forbidden")
    }

    @Test("A submission has its content from the start, about its own nomination, and with an example")
    func contents() throws {
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        let key = award.key("Delft", of: award.welfare)
        let place = Audience.nomination(key.nomination(testHash))
        func submit(_ content: Value?, _ id: RecordID = record(8888)) -> [Operation] {
            [.create(id, kind: .submission, parent: key.standing(testHash), key: nil)]
                + (content.map { [.write(id, SubmissionField.content, .immutable, $0)] } ?? [])
        }
        let example = SubmissionContent.Example(record: record(1), fields: [])
        let good = SubmissionContent(key: key, fields: [], examples: [example], conflicts: [])
        let empty = SubmissionContent(key: key, fields: [], examples: [], conflicts: [])
        let foreign = SubmissionContent(
            key: award.key("Ede", of: award.welfare), fields: [], examples: [example], conflicts: [])
        #expect(try verdict(submit(good.value), in: place, by: award.anna) == "accepted")
        #expect(try verdict(submit(nil), in: place, by: award.anna) == "submission.content")
        #expect(try verdict(submit(.list([])), in: place, by: award.anna) == "submission.content")
        #expect(try verdict(submit(.null), in: place, by: award.anna) == "submission.content")
        #expect(try verdict(submit(foreign.value), in: place, by: award.anna) == "submission.content")
        #expect(try verdict(submit(empty.value), in: place, by: award.anna) == "submission.noExample")
        #expect(try verdict(submit(good.value), in: place, by: award.reviewer) == "nomination.organisation")

        let submitted = try #require(award.submissions(of: "Delft", by: award.welfare).first?.record)
        let rewrite = Operation.write(submitted, SubmissionField.content, .immutable, good.value)
        #expect(try verdict([rewrite], in: place, by: award.anna) == "submission.lasting")
        // Nor who took part, nor that it is made once more.
        let contributor = Operation.insert(
            submitted, SubmissionField.contributors, .record(award.bram.person))
        #expect(try verdict([contributor], in: place, by: award.anna) == "submission.lasting")
        #expect(try verdict(submit(good.value, submitted), in: place, by: award.anna) == "submission.lasting")
    }

    @Test("Editions are the secretariat's, and the roster nobody's but the server's")
    func everyone() throws {
        let name = Operation.write(award.edition, EditionField.name, .register, .text("x"))
        #expect(try verdict([name], in: .everyone, by: award.secretariat) == "accepted")
        #expect(try verdict([name], in: .everyone, by: award.anna) == "audience.forbidden")
        let role = try RosterCommands.setRoles(of: award.anna.person, to: [.secretariat])
        for author in award.everybody {
            #expect(try verdict([role], in: .everyone, by: author) == "roster.serverOnly")
        }
    }

    @Test("An auditor reads and writes nothing; without a role nothing is written")
    func silent() throws {
        try award.server.write([try RosterCommands.setRoles(of: award.carla.person, to: [.auditor])])
        let note = Operation.create(record(9000), kind: .annotation, parent: nil, key: nil)
        let jury = JuryKey(nominee: award.key("Delft", of: award.welfare).nominee, edition: award.edition)
        let place = try #require(Audience(jury.audience(testHash)))
        #expect(try verdict([note], in: place, by: award.carla) == "audience.forbidden")
        #expect(try verdict([note], in: .workgroup, by: award.carla) == "audience.forbidden")
        #expect(try verdict([note], in: place, by: award.secretariat) == "audience.forbidden")
        #expect(try verdict([note], in: place, by: award.reviewer) == "accepted")
        try award.server.write([RosterCommands.deactivate(award.reviewer.person)])
        #expect(try verdict([note], in: place, by: award.reviewer) == "person.inactive")
    }

    @Test("What does not fit the schema is refused; a newer client's field is kept")
    func schema() throws {
        let home = Audience.organisation(award.welfare)
        func write(_ field: FieldName, _ policy: WritePolicy, _ value: Value) -> [Operation] {
            [.write(nomination, field, policy, value)]
        }
        func code(_ operations: [Operation], schema: UInt32 = NominationSchema.version) throws -> String {
            try verdict(operations, in: home, by: award.anna, schema: schema)
        }
        #expect(try code(write(NominationField.title, .quiet, .text("x"))) == "field.policy")
        #expect(try code(write(NominationField.motivation, .register, .text("x"))) == "field.policy")
        #expect(try code(write(NominationField.title, .register, .integer(1))) == "field.type")
        #expect(try code(write(NominationField.title, .register, .null)) == "accepted")
        #expect(try code(write(NominationField.relation, .register, .text("family"))) == "field.choice")
        #expect(try code(write(NominationField.relation, .register, .text("partner"))) == "accepted")
        #expect(try code(write("colour", .register, .text("x"))) == "field.unknown")
        #expect(
            try code(write("colour", .register, .text("x")), schema: NominationSchema.version + 1)
                == "accepted")
        // What it would decide, no rule has judged.
        #expect(
            try code(write("colour", .decided, .text("x")), schema: NominationSchema.version + 1)
                == "field.unknown")
        #expect(try code([.create(record(1), kind: "song", parent: nil, key: nil)]) == "kind.unknown")
        #expect(
            try code([.create(record(1), kind: .edition, parent: nil, key: .edition(year: 2017))])
                == "record.key")
        #expect(try code([.create(record(1), kind: .example, parent: nil, key: nil)]) == "record.parent")
        #expect(
            try code([.create(record(1), kind: .example, parent: record(2), key: nil)]) == "record.parent")
        #expect(
            try code([.create(record(1), kind: .submission, parent: nomination, key: nil)]) == "record.parent"
        )
        #expect(try code([.create(nomination, kind: .annotation, parent: nil, key: nil)]) == "record.kind")
        #expect(try code([.remove(record(3), settling: [])]) == "record.unknown")
    }
}
