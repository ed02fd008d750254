import ChangeLog
import Merging
import Nominations
import Testing

@Suite("Conflicts of a nomination")
struct ConflictTests {
    /// Anna and Bram give the same nomination two titles, and one edits an example that the other removes.
    private func disputed() throws -> (award: TestAward, nomination: RecordID) {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        let example = try #require(
            award.anna.view.visible(.example, in: Audience.organisation(award.welfare).id).first?.id)
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Van Anna"))
        try award.anna.perform(RemoveRecord(record: example))
        try award.anna.perform(
            AddExample(nomination: nomination, title: "Tweede", fresh: award.server.fresh()))
        try award.bram.perform(SetField(record: nomination, field: "title", value: "Van Bram"))
        try award.bram.perform(SetField(record: example, field: "place", value: "Voorhof"))
        try award.bram.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.bram.sync()
        return (award, nomination)
    }

    @Test("The jury sees what the organisation has not settled, with all candidates")
    func submitted() throws {
        let (award, _) = try disputed()
        try award.reviewer.pull()
        let dossier = try Dossier(of: "Delft", in: award.reviewer.view, .dutch)
        #expect(
            dossier.conflicts.map(\.kind) == ["value", "removed"]
                || dossier.conflicts.map(\.kind) == ["removed", "value"])
        let title = try #require(dossier.conflicts.first { $0.kind == "value" })
        #expect(title.field == "title")
        #expect(title.candidates.map { $0.value?.description } == ["Van Anna", "Van Bram"])
        #expect(title.candidates.map(\.name) == ["Anna", "Bram"])
        #expect(title.base == nil)
        #expect(dossier.nominations.first?.conflicts == 2)
    }

    @Test("A reviewer asks the contact, who settles it; the next submission has no conflict")
    func assignedAndSettled() throws {
        let (award, _) = try disputed()
        try award.reviewer.pull()
        let seen = try Dossier(of: "Delft", in: award.reviewer.view, .dutch).conflicts
        for conflict in seen {
            try award.reviewer.perform(AssignConflict(conflict: conflict.id, to: award.bram.person))
        }
        try award.reviewer.sync()
        #expect(award.reviewer.tray.isEmpty)
        #expect(
            try Dossier(of: "Delft", in: award.reviewer.view, .dutch).conflicts.map(\.assignee?.name)
                == ["Bram", "Bram"])

        try award.bram.pull()
        for conflict in seen {
            let record = try #require(RecordID(hex: conflict.record))
            let home = try #require(award.bram.view.audience(of: record))
            let merged = try #require(award.bram.view.merged(record, in: home))
            let open = try #require(merged.conflicts.first { $0.id == conflict.id })
            #expect(try ConflictView(open, in: home, award.bram.view).assignee?.name == "Bram")
            try award.bram.perform(ResolveConflict(conflict: conflict.id, by: .keep("c2")))
        }
        try award.bram.sync()
        #expect(award.bram.tray.isEmpty)
        try award.reviewer.pull()
        let settled = try Dossier(of: "Delft", in: award.reviewer.view, .dutch)
        #expect(settled.conflicts.isEmpty)
        #expect(settled.nominations.map(\.title) == ["Van Bram"])
    }

    @Test("A colleague is asked where the jury reads it too, also before the next submission")
    func assignedByColleague() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Van Anna"))
        try award.bram.perform(SetField(record: nomination, field: "title", value: "Van Bram"))
        try award.anna.sync()
        try award.bram.pull()
        let assign = AssignConflict(conflict: "\(nomination).title", to: award.anna.person)
        let home = Audience.nomination(nomination).id
        #expect(try assign.drafted(in: award.bram.view).drafts.map(\.audience) == [home])

        let draft = try award.anna.perform(Nominate(nominee: "Ede"))
        try award.anna.sync()
        try award.bram.pull()
        try award.anna.perform(SetField(record: draft, field: "title", value: "Een"))
        try award.bram.perform(SetField(record: draft, field: "title", value: "Twee"))
        try award.anna.sync()
        try award.bram.pull()
        let within = AssignConflict(conflict: "\(draft).title", to: award.anna.person)
        #expect(
            try within.drafted(in: award.bram.view).drafts.map(\.audience)
                == [Audience.organisation(award.welfare).id])
        try award.bram.perform(within)
    }

    @Test("A new value settles a conflict, and a word that is no candidate does not")
    func byValue() throws {
        let (award, nomination) = try disputed()
        let id = "\(nomination).title"
        #expect(throws: NominationError(.candidateUnknown)) {
            try award.bram.perform(ResolveConflict(conflict: id, by: .keep("c3")))
        }
        try award.bram.perform(ResolveConflict(conflict: id, by: .value("Samen")))
        let home = Audience.organisation(award.welfare).id
        let title = try #require(award.bram.view.merged(nomination, in: home)?[NominationField.title])
        #expect(title.value?.text == "Samen")
        #expect(title.conflicts.isEmpty)
        #expect(throws: NominationError(.conflictUnknown)) {
            try award.bram.perform(ResolveConflict(conflict: id, by: .keep("c1")))
        }
    }

    @Test("A candidate that may still be refused is kept by its value")
    func pendingKept() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(SetField(record: nomination, field: "title", value: "Van Anna"))
        try award.bram.perform(SetField(record: nomination, field: "title", value: "Van Bram"))
        try award.anna.sync()
        try award.bram.pull()
        let home = Audience.organisation(award.welfare).id
        let title = try #require(award.bram.view.merged(nomination, in: home)?[NominationField.title])
        let conflict = try #require(title.conflicts.first)
        for candidate in conflict.candidates {
            let keep = ResolveConflict(conflict: conflict.id, by: .keep(candidate.change.description))
            let drafted = try keep.drafted(in: award.bram.view).drafts.flatMap(\.operations)
            let value = try #require(candidate.value)
            let choice: Choice = candidate.position == nil ? .value(value) : .keep(candidate.change)
            #expect(
                drafted == [
                    .operation(
                        .resolve(
                            nomination, NominationField.title, .register, choice,
                            settling: conflict.settling))
                ])
        }
        #expect(conflict.candidates.map { $0.position == nil }.contains(true))
    }

    @Test("Whether a removal stands is chosen, not written")
    func removal() throws {
        let (award, _) = try disputed()
        let home = Audience.organisation(award.welfare).id
        let disputed = try #require(
            award.bram.view.visible(.example, in: home).first { $0.presence == .disputed })
        let id = try #require(disputed.conflict?.id)
        #expect(throws: NominationError(.resolutionChoice)) {
            try award.bram.perform(ResolveConflict(conflict: id, by: .value("weg")))
        }
        let removal = try #require(disputed.conflict?.candidates.first { $0.role == .removal })
        try award.bram.perform(ResolveConflict(conflict: id, by: .keep(removal.change.description)))
        #expect(award.bram.view.merged(disputed.id, in: home)?.presence == .removed)
    }

    @Test("Two passages in one place are flagged, and may stand together or be rewritten")
    func text() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(
            EditText(record: nomination, field: "motivation", text: "Delft voor Elkaar. Een."))
        try award.bram.perform(
            EditText(record: nomination, field: "motivation", text: "Delft voor Elkaar. Twee."))
        try award.anna.sync()
        try award.bram.sync()
        let home = Audience.organisation(award.welfare).id
        func motivation(_ replica: TestReplica) throws -> MergedField {
            try #require(replica.view.merged(nomination, in: home)?[NominationField.motivation])
        }
        let open = try motivation(award.bram)
        let conflict = try #require(open.conflicts.first)
        let both = try #require(open.value?.text)
        try award.anna.pull()
        try award.anna.perform(ResolveConflict(conflict: conflict.id, by: .keep("c1")))
        #expect(try motivation(award.anna).conflicts.isEmpty)
        #expect(try motivation(award.anna).value?.text == both)
        // The text as it stands is an answer too.
        try award.bram.perform(ResolveConflict(conflict: conflict.id, by: .value(both)))
        #expect(try motivation(award.bram).conflicts.isEmpty)
        try award.bram.perform(EditText(record: nomination, field: "motivation", text: "Anders."))
        #expect(try motivation(award.bram).value?.text == "Anders.")
    }
}
