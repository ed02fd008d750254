import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import Testing

@Suite("Reviews, blind until one's own is in, and recusals")
struct ReviewingTests {
    private let award: TestAward
    private let rosa: TestReplica
    private let ruben: TestReplica
    private let about: JuryKey

    init() throws {
        award = try TestAward()
        rosa = award.reviewer
        let outcome = try RosterCommands.addPerson(
            named: "Ruben", roles: [.reviewer], organisation: nil, fresh: award.server.fresh())
        try award.server.write(outcome.operations)
        ruben = award.server.enrol(outcome.record)
        try ruben.pull()
        about = JuryKey(nominee: award.key("Delft", of: award.welfare).nominee, edition: award.edition)
    }

    private func review(of reviewer: TestReplica) -> AudienceID {
        ReviewKey(reviewer: reviewer.person, about: about).audience(testHash)
    }

    private func reads(_ reader: TestReplica, _ audience: AudienceID) throws -> Bool {
        try award.server.rules.mayRead(reader.person, audience, award.server.facts)
    }

    private func code(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "accepted"
        } catch let reason as Reason {
            return reason.code
        } catch let error as NominationError { return error.code.rawValue } catch { return "\(error)" }
    }

    private func assess(
        _ reviewer: TestReplica, _ score: Int, submit: Bool = false, advice: Advice? = .shortlist
    ) throws {
        try reviewer.perform(
            Assess(
                nominee: "Delft", motivation: "Goed.", advice: advice,
                scores: [Assess.Score(criterion: "Preventie", score: score, remark: "Sterk.")],
                isSubmitted: submit))
        try reviewer.sync()
    }

    @Test("Others' reviews are read once one's own is submitted and accepted, and theirs are too")
    func blind() throws {
        try assess(rosa, 4)
        try assess(ruben, 2)
        for reader in [ruben, award.secretariat, award.anna] { #expect(try !reads(reader, review(of: rosa))) }
        #expect(try reads(rosa, review(of: rosa)))
        try assess(rosa, 4, submit: true)
        #expect(try reads(award.secretariat, review(of: rosa)))
        #expect(try !reads(ruben, review(of: rosa)) && !reads(rosa, review(of: ruben)))
        try assess(ruben, 3, submit: true)
        #expect(try reads(ruben, review(of: rosa)) && reads(rosa, review(of: ruben)))
        #expect(try !reads(award.anna, review(of: rosa)))
        try rosa.pull()
        let reviews = try Dossier(of: "Delft", in: rosa.view, .dutch).reviews
        #expect(reviews.map(\.reviewer.name) == ["Rosa", "Ruben"])
        #expect(reviews.map(\.state) == ["submitted", "submitted"])
        #expect(reviews.map { $0.scores.map(\.score) } == [[4], [3]])
        #expect(reviews.map { $0.scores.map(\.remark) } == [["Sterk."], ["Sterk."]])
        #expect(reviews.map(\.advice) == ["shortlist", "shortlist"])
    }

    @Test("What is changed after it was submitted counts as a revision, and cannot hide as something else")
    func frozen() throws {
        try assess(rosa, 4, submit: true)
        try assess(rosa, 5)
        try assess(rosa, 1)
        let shown = try #require(try Dossier(of: "Delft", in: rosa.view, .dutch).reviews.first)
        #expect(shown.revisions == 2 && shown.scores.map(\.score) == [1] && shown.state == "submitted")
        let key = ReviewKey(reviewer: rosa.person, about: about)
        let record = key.review(testHash)
        func verdict(_ operations: [Operation]) -> String {
            code {
                try rosa.record([
                    Draft(audience: key.audience(testHash), operations: operations.map { .operation($0) })
                ])
            }
        }
        let advice = Operation.write(record, ReviewField.advice, .register, .text("award"))
        func revision(_ number: Int64) -> Operation {
            .write(record, ReviewField.revision, .decided, .integer(number))
        }
        #expect(verdict([advice]) == "review.frozen")
        #expect(verdict([advice, revision(2)]) == "review.frozen")
        #expect(verdict([advice, revision(4)]) == "review.frozen")
        #expect(verdict([advice, revision(3)]) == "accepted")
        // Submitted stays submitted: it could be read by others since.
        #expect(
            verdict([.write(record, ReviewField.standing, .decided, .null), revision(4)]) == "review.frozen")
    }

    @Test("A review is its reviewer's alone to write, in its own place, with marks from 1 to 5")
    func rights() throws {
        let key = ReviewKey(reviewer: rosa.person, about: about)
        let create = Operation.create(
            key.review(testHash), kind: .review, parent: nil, key: key.recordKey)
        func verdict(_ author: TestReplica, in audience: AudienceID, _ operations: [Operation]) -> String {
            code {
                try author.record([Draft(audience: audience, operations: operations.map { .operation($0) })])
            }
        }
        #expect(verdict(ruben, in: key.audience(testHash), [create]) == "audience.forbidden")
        #expect(verdict(rosa, in: review(of: ruben), [create]) == "audience.forbidden")
        #expect(verdict(award.anna, in: key.audience(testHash), [create]) == "audience.forbidden")
        #expect(code { try assess(rosa, 6) } == "review.score")
        #expect(code { try assess(rosa, 0) } == "review.score")
        try assess(rosa, 5)
        let criteria = rosa.view.visible(.criterion, in: Roster.audience)
        let criterion = try #require(criteria.first { $0[CriterionField.name]?.value?.text == "Preventie" })
        let mark = RecordKey([.record(key.review(testHash)), .record(criterion.id)])
            .record(kind: .score, hash: testHash)
        #expect(
            verdict(
                rosa, in: key.audience(testHash),
                [.write(mark, ScoreField.score, .register, .integer(9))])
                == "review.score")
        // Settling a conflict is no other way in.
        for (field, policy, value) in [
            (ScoreField.score, WritePolicy.register, Value.integer(9)),
            (ScoreField.criterion, .immutable, .record(award.edition)),
        ] {
            let settles = Operation.resolve(mark, field, policy, .value(value), settling: [])
            #expect(
                verdict(rosa, in: key.audience(testHash), [settles])
                    == (field == ScoreField.score ? "review.score" : "record.key"))
        }
        // One mark on a criterion.
        let other = RecordKey([.record(criterion.id), .record(key.review(testHash))])
        #expect(
            verdict(
                rosa, in: key.audience(testHash),
                [
                    .create(
                        other.record(kind: .score, hash: testHash), kind: .score,
                        parent: key.review(testHash),
                        key: other)
                ]) == "record.key")
        #expect(
            verdict(
                rosa, in: key.audience(testHash),
                [.write(mark, ScoreField.criterion, .immutable, .record(award.edition))]) == "record.key")
    }

    @Test("A review is submitted with its advice, and stays: nobody reads others' for an empty one")
    func empty() throws {
        #expect(code { try assess(rosa, 4, submit: true, advice: nil) } == "review.advice")
        let key = ReviewKey(reviewer: rosa.person, about: about)
        let (record, audience) = (key.review(testHash), key.audience(testHash))
        func verdict(_ operations: [Operation]) -> String {
            code {
                try rosa.record([Draft(audience: audience, operations: operations.map { .operation($0) })])
            }
        }
        let create = Operation.create(record, kind: .review, parent: nil, key: key.recordKey)
        let submit = Operation.write(record, ReviewField.standing, .decided, .text("submitted"))
        func advice(_ value: Value) -> Operation { .write(record, ReviewField.advice, .register, value) }
        #expect(verdict([create, submit]) == "review.advice")
        #expect(verdict([create, advice(.text("award")), advice(.null), submit]) == "review.advice")
        #expect(
            verdict([create, advice(.text("award")), submit, .remove(record, settling: [])])
                == "review.lasting")
        try assess(rosa, 4)
        #expect(verdict([.remove(record, settling: [])]) == "review.lasting")
        // The draft has it: the command says it once more.
        try rosa.perform(Assess(nominee: "Delft", isSubmitted: true))
        try rosa.sync()
        #expect(try reads(award.secretariat, audience))
    }

    @Test("Another role opens no review to a reviewer, and nobody lifts a recusal of his own")
    func twoRoles() throws {
        try assess(rosa, 4, submit: true)
        let roles: [Role] = [.reviewer, .secretariat, .auditor]
        try award.server.write([try RosterCommands.setRoles(of: ruben.person, to: roles)])
        try ruben.pull()
        #expect(try !reads(ruben, review(of: rosa)))
        try assess(ruben, 2, submit: true)
        #expect(try reads(ruben, review(of: rosa)))
        try ruben.perform(Recuse(nominee: "Delft"))
        try ruben.sync()
        #expect(code { try ruben.perform(Recuse(nominee: "Delft", isLifted: true)) } == "audience.forbidden")
        #expect(try !reads(ruben, review(of: rosa)) && !reads(ruben, about.audience(testHash)))
        // Who does not judge hears of no recusal: it would tell that somebody is in the running.
        #expect(try reads(rosa, Audience.panel.id) && !reads(award.anna, Audience.panel.id))
    }

    @Test(
        "Who is recused reads and writes nothing of the nominee for the jury, until the secretariat lifts it")
    func recused() throws {
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try assess(ruben, 2, submit: true)
        try assess(rosa, 4, submit: true)
        let home = award.key("Delft", of: award.welfare).audience(testHash)
        let audiences = [home, about.audience(testHash), review(of: ruben), review(of: rosa)]
        for audience in audiences { #expect(try reads(rosa, audience)) }
        try rosa.perform(Recuse(nominee: "gemeente Delft"))
        try rosa.sync()
        for audience in audiences {
            #expect(try !reads(rosa, audience), "\(audience)")
            #expect(try reads(award.secretariat, audience) && reads(ruben, audience), "\(audience)")
        }
        #expect(code { try assess(rosa, 3) } == "review.recused")
        try ruben.pull()
        #expect(try Dossier(of: "Delft", in: ruben.view, .dutch).recused.map(\.name) == ["Rosa"])
        // Of another nominee she goes on judging.
        let other = JuryKey(nominee: award.key("Ede", of: award.welfare).nominee, edition: award.edition)
        #expect(try reads(rosa, other.audience(testHash)))
        #expect(code { try rosa.perform(Recuse(nominee: "Delft", isLifted: true)) } == "audience.forbidden")
        try award.secretariat.pull()
        try award.secretariat.perform(Recuse(nominee: "Delft", reviewer: rosa.person, isLifted: true))
        try award.secretariat.sync()
        for audience in audiences { #expect(try reads(rosa, audience), "\(audience)") }
    }

    @Test("A recusal says whom it is about, and nobody but the secretariat recuses others")
    func recusalOfOthers() throws {
        #expect(
            code { try ruben.perform(Recuse(nominee: "Delft", reviewer: rosa.person)) }
                == "audience.forbidden")
        #expect(code { try award.anna.perform(Recuse(nominee: "Delft")) } == "audience.forbidden")
        let key = RecusalKey(reviewer: rosa.person, subject: about.subject(testHash))
        let record = key.recusal(testHash)
        let create = Operation.create(record, kind: .recusal, parent: nil, key: key.recordKey)
        let ede = award.key("Ede", of: award.welfare).nominee.text
        for label in [[], [Operation.write(record, RecusalField.nominee, .immutable, .text(ede))]] {
            let operations = [create] + label
            #expect(
                code {
                    try rosa.record([
                        Draft(audience: Audience.panel.id, operations: operations.map { .operation($0) })
                    ])
                } == "recusal.subject")
        }
    }
}
