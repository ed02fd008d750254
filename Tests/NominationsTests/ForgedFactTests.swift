import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import Testing

/// Somebody chooses the id of a record that rules ask about, and writes under it where he may write.
@Suite("Facts that stand in the wrong place")
struct ForgedFactTests {
    private let award: TestAward

    init() throws { award = try TestAward() }

    /// As if a server had once let it in: a note of this id among an author's own, with a decided field.
    private func forge(_ fields: [FieldName: Value], of record: RecordID, by author: TestReplica) {
        let audience = Audience.person(author.person).id
        let position = Position(UInt64(award.server.accepted.count + 1))
        let envelope = Envelope(
            id: ChangeID(replica: author.replica, number: 500 + position.value),
            base: Base(epoch: TestServer.epoch, position: .origin, own: 0),
            time: HybridTime(milliseconds: award.server.now), audience: audience, schema: 99)
        let writes = fields.sorted { $0.key.name < $1.key.name }.map { field, value in
            Operation.write(record, field, .decided, value)
        }
        let change = Change(
            envelope: envelope, salt: Salt.plain(Identifier128(high: 0, low: 0)),
            operations: [.create(record, kind: .annotation, parent: nil, key: nil)] + writes)
        award.server.log.insert(LogEntry(change, .accepted(position, effective: envelope.time)))
    }

    private func reads(_ reader: TestReplica, _ audience: AudienceID) throws -> Bool {
        try award.server.rules.mayRead(reader.person, audience, award.server.facts)
    }

    @Test("A review is submitted in its own audience, and nowhere else")
    func review() throws {
        let about = JuryKey(nominee: award.key("Delft", of: award.welfare).nominee, edition: award.edition)
        let key = ReviewKey(reviewer: award.reviewer.person, about: about)
        try award.reviewer.perform(Assess(nominee: "Delft", motivation: "Goed."))
        try award.reviewer.sync()
        forge([ReviewField.standing: .text("submitted")], of: key.review(testHash), by: award.reviewer)
        #expect(try !reads(award.secretariat, key.audience(testHash)))
        try award.reviewer.perform(Assess(nominee: "Delft", advice: .award, isSubmitted: true))
        try award.reviewer.sync()
        #expect(try reads(award.secretariat, key.audience(testHash)))
    }

    @Test("Nobody is recused by a note of somebody else")
    func recusal() throws {
        let about = JuryKey(nominee: award.key("Delft", of: award.welfare).nominee, edition: award.edition)
        let key = RecusalKey(reviewer: award.reviewer.person, subject: about.subject(testHash))
        forge([RecusalField.recused: .boolean(true)], of: key.recusal(testHash), by: award.anna)
        #expect(try reads(award.reviewer, about.audience(testHash)))
    }

    @Test("Nobody's roles are what a colleague writes")
    func roles() throws {
        forge([PersonField.roles: .list([.text("secretariat")])], of: award.bram.person, by: award.anna)
        let facts = try PersonFacts(of: award.bram.person, in: award.server.facts)
        #expect(facts.roles == [.contact])
        forge([EditionField.phase: .text("closed")], of: award.edition, by: award.anna)
        #expect(try EditionFacts(of: award.edition, in: award.server.facts)?.phase == .open)
    }

    @Test("No code was told but to the server")
    func witness() throws {
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        let draft = try #require(
            try Submit(nomination: nomination, fresh: award.server.fresh())
                .drafted(in: award.bram.view).drafts.first)
        let hash = testHash([7])
        forge(
            [WitnessField.lodged: .instant(TestAward.closes - 1)],
            of: WitnessCode(hash).record(testHash), by: award.bram)
        let envelope = Envelope(
            id: ChangeID(replica: award.bram.replica, number: 1000),
            base: Base(epoch: TestServer.epoch, position: .origin, own: 999),
            time: HybridTime(milliseconds: TestAward.closes + 2), audience: draft.audience,
            schema: NominationSchema.version)
        let operations = draft.operations.compactMap { step -> Operation? in
            if case .operation(let operation) = step { operation } else { nil }
        }
        let outcome = try award.server.rules.admit(
            Admission(
                author: .person(award.bram.person, device: award.bram.person), envelope: envelope,
                operations: operations, receivedMilliseconds: TestAward.closes + 2, hash: hash),
            award.server.facts)
        guard case .refuse(let reason) = outcome else {
            Issue.record("late, and told to nobody: \(outcome)")
            return
        }
        #expect(reason.code == "submission.closed")
    }
}
