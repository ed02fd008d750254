import ChangeLog
import Merging
import Nominations
import Testing

@Suite("Submitting")
struct SubmittingTests {
    @Test("A nomination without an example is not submitted")
    func needsExample() throws {
        let award = try TestAward()
        let nomination = try award.anna.perform(Nominate(nominee: "Delft"))
        #expect(throws: NominationError(.submissionNoExample)) {
            try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        }
    }

    @Test("The jury reads what the draft showed, and nothing typed and deleted before")
    func withoutHistory() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(EditText(record: nomination, field: "motivation", text: "kanarie"))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "kanarie"))
        try award.anna.perform(EditText(record: nomination, field: "motivation", text: "Goed werk."))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Delft"))
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()

        let submissions = try award.submissions(of: "Delft", by: award.welfare)
        #expect(submissions.map { $0.content[NominationField.motivation]?.text } == ["Goed werk."])
        #expect(submissions.first?.contributors == [award.anna.person])
        let canary = Array("kanarie".utf8)
        for entry in award.server.accepted {
            let audience = entry.change.envelope.audience
            let holds = entry.change.contentBytes.containsRun(canary)
            if audience.family == "nomination" { #expect(!holds) }
            // The positive control: it stands in the organisation's own changes.
            if holds { #expect(audience == Audience.organisation(award.welfare).id) }
        }
        #expect(award.server.accepted.contains { $0.change.contentBytes.containsRun(canary) })
    }

    @Test("Submitting what is submitted records nothing")
    func twice() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let first = try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        let again = try Submit(nomination: nomination, fresh: award.server.fresh()).drafted(
            in: award.anna.view)
        #expect(again.drafts.isEmpty)
        #expect(again.record == first)
        try award.anna.sync()
        try award.anna.sync()
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 1)
    }

    /// Regression 22.
    @Test("Two colleagues who submit the same draft without a network give one submission with both edits")
    func colleagues() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Elkaar"))
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.bram.perform(AddToSet(record: nomination, field: "strengths", value: "lef"))
        try award.bram.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.bram.sync()
        try award.anna.sync()
        try award.bram.sync()

        let submissions = try award.submissions(of: "Delft", by: award.welfare)
        #expect(submissions.count == 2)
        let last = try #require(submissions.last)
        #expect(last.content[NominationField.title]?.text == "Elkaar")
        #expect(last.content[NominationField.strengths] == .list([.text("lef")]))
        #expect(Set(last.contributors) == [award.anna.person, award.bram.person])
        #expect(award.anna.tray.isEmpty)
        #expect(award.bram.tray.isEmpty)
    }

    @Test("After an exchange that did not come through, a submission made anew is not made once more")
    func anewOnce() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let first = try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Verder"))
        func replacements(_ submissions: [RecordID]) throws -> [AutomaticSubmission.Replacement] {
            try AutomaticSubmission.replacements(
                for: submissions, in: award.anna.view, fresh: award.server.fresh)
        }
        let anew = try #require(try replacements([first]).first?.drafted)
        try award.anna.record(anew.drafts)
        let again = try replacements([first, anew.record])
        #expect(again.map(\.submission) == [first])
        #expect(again.map { $0.drafted == nil } == [true])
        #expect(try AutomaticSubmission.drafts(in: award.anna.view, fresh: award.server.fresh).isEmpty)
    }

    @Test("Of several unsent submissions of one nomination, one is made anew in the place of all")
    func severalUnsent() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let unsent = try ["Een", "Twee"].map { title in
            try award.anna.perform(SetField(record: nomination, field: "title", value: title))
            return try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        }
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Drie"))
        let replacements = try AutomaticSubmission.replacements(
            for: unsent, in: award.anna.view, fresh: award.server.fresh)
        #expect(replacements.map(\.submission) == unsent)
        #expect(replacements.compactMap(\.drafted).count == 1)
        try award.anna.sync()
        let submissions = try award.submissions(of: "Delft", by: award.welfare)
        #expect(submissions.map { $0.content[NominationField.title]?.text } == ["Drie"])
    }

    @Test("A submission holds its own examples only, and not what steers the program")
    func contents() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let other = try award.anna.perform(Nominate(nominee: "Ede"))
        try award.anna.perform(AddExample(nomination: other, title: "Elders", fresh: award.server.fresh()))
        try award.anna.perform(SetField(record: nomination, field: "autoSubmit", value: "ja"))
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        let content = try #require(award.submissions(of: "Delft", by: award.welfare).last?.content)
        #expect(content.examples.map { $0[ExampleField.title]?.text } == ["Buurtteams"])
        #expect(content[NominationField.autoSubmit] == nil)
        #expect(content.fields.map(\.name) == content.fields.map(\.name).sorted())
    }

    @Test("An unsent submission that a colleague has withdrawn meanwhile is not made anew")
    func withdrawnMeanwhile() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let pending = try award.bram.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.anna.perform(Withdraw(nomination: nomination))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Anders"))
        try award.anna.sync()
        try award.bram.pull()
        #expect(
            try AutomaticSubmission.replacements(
                for: [pending], in: award.bram.view, fresh: award.server.fresh
            ).isEmpty)
    }

    @Test("An unsent submission that an unsent withdrawal follows is not made anew")
    func withdrawnBeforeSending() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let pending = try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.perform(Withdraw(nomination: nomination))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Anders"))
        #expect(
            try AutomaticSubmission.replacements(
                for: [pending], in: award.anna.view, fresh: award.server.fresh
            ).isEmpty)
        try award.anna.sync()
        #expect(try award.anna.view.standing(of: award.key("Delft", of: award.welfare)) == .withdrawn)
        #expect(award.anna.tray.isEmpty)
    }

    @Test("The same words submitted by two are submitted once")
    func sameWords() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.bram.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.bram.sync()
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 1)
        #expect(award.bram.tray.isEmpty)
    }

    @Test("After the first submission, merged edits are submitted by themselves, unless switched off")
    func automatic() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.bram.perform(SetField(record: nomination, field: "title", value: "Nieuw"))
        try award.bram.sync()
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 2)

        try award.bram.perform(SetField(record: nomination, field: "autoSubmit", value: "nee"))
        try award.bram.perform(SetField(record: nomination, field: "title", value: "Later"))
        try award.bram.sync()
        try award.anna.sync()
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 2)
    }

    @Test("A withdrawn nomination is not submitted by itself, and can be submitted again")
    func withdrawn() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        #expect(throws: NominationError(.nominationNotSubmitted)) {
            try award.anna.perform(Withdraw(nomination: nomination))
        }
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.anna.perform(Withdraw(nomination: nomination))
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Anders"))
        try award.anna.sync()
        let key = award.key("Delft", of: award.welfare)
        try award.reviewer.pull()
        #expect(try award.reviewer.view.standing(of: key) == .withdrawn)
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 1)

        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.reviewer.pull()
        #expect(try award.reviewer.view.standing(of: key) == .submitted)
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 2)

        // Also when nothing was edited between.
        try award.anna.perform(Withdraw(nomination: nomination))
        try award.anna.sync()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.reviewer.pull()
        #expect(try award.reviewer.view.standing(of: key) == .submitted)
    }

    @Test("What is received before closing is in time, what only claims to be is held, the rest is refused")
    func closing() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        award.anna.clockOffset = TestAward.closes
        // A clock far ahead harms nobody who is in time. The client itself judges by that clock.
        let refusal = #expect(throws: Reason.self) {
            try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        }
        #expect(refusal?.code == "submission.closed")
        award.anna.clockOffset = 0
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        award.server.now = TestAward.closes + 1
        try award.anna.sync()
        #expect(award.server.held.map(\.reason.code) == ["submission.late"])

        // Drafts go on after closing; a submission does not.
        try award.bram.perform(SetField(record: nomination, field: "title", value: "Te laat"))
        try award.bram.sync()
        #expect(award.bram.tray.isEmpty)
        #expect(throws: Reason.self) {
            try award.bram.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        }
    }
}

extension [UInt8] {
    func containsRun(_ run: [UInt8]) -> Bool {
        guard count >= run.count else { return false }
        return (0...count - run.count).contains { Array(self[$0..<$0 + run.count]) == run }
    }
}
