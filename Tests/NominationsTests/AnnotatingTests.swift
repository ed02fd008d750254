import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import Testing

@Suite("Annotating")
struct AnnotatingTests {
    private func delft(_ award: TestAward) -> AnnotationTarget {
        .nominee(award.key("Delft", of: award.welfare).nominee, edition: award.edition)
    }

    @Test("An annotation goes where its readers are")
    func audiences() throws {
        let award = try TestAward()
        let nominee = award.key("Delft", of: award.welfare).nominee
        func home(_ replica: TestReplica, _ visibility: Visibility?) throws -> AudienceID? {
            try Annotate(
                target: delft(award), body: "Waar?", visibility: visibility, fresh: award.server.fresh()
            ).drafted(in: replica.view).drafts.first?.audience
        }
        let jury = JuryKey(nominee: nominee, edition: award.edition).audience(testHash)
        #expect(try home(award.anna, nil) == Audience.organisation(award.welfare).id)
        #expect(try home(award.anna, .person) == Audience.person(award.anna.person).id)
        #expect(try home(award.reviewer, nil) == jury)
        #expect(throws: NominationError(.annotationAudience)) { try home(award.anna, .jury) }
        #expect(throws: NominationError(.annotationAudience)) { try home(award.anna, .workgroup) }
        #expect(throws: NominationError(.annotationAudience)) { try home(award.reviewer, .organisation) }
    }

    @Test("What the organisation notes never leaves it, and the jury's notes stay in the jury")
    func separate() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(
            Annotate(
                target: .record(nomination, kind: .nomination), body: "Intern", stance: .concern,
                fresh: award.server.fresh()))
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.reviewer.pull()
        try award.reviewer.perform(
            Annotate(
                target: .record(nomination, kind: .nomination), body: "Tegenspraak", stance: .contradiction,
                quote: "Delft voor Elkaar", criteria: ["Preventie"], fresh: award.server.fresh()))
        try award.reviewer.sync()
        #expect(award.reviewer.tray.isEmpty)
        try award.anna.pull()
        #expect(
            try Dossier(of: "Delft", in: award.reviewer.view, .dutch).counterEvidence.map(\.body)
                == ["Tegenspraak"])
        #expect(try Dossier(of: "Delft", in: award.reviewer.view, .dutch).annotations.count == 1)
        #expect(try Dossier(of: "Delft", in: award.anna.view, .dutch).annotations.map(\.body) == ["Intern"])
    }

    @Test("A remark on a remark is about the same nominee")
    func remarks() throws {
        let award = try TestAward()
        let first = try award.reviewer.perform(
            Annotate(target: delft(award), body: "Eerst", fresh: award.server.fresh()))
        try award.reviewer.perform(
            Annotate(target: .record(first, kind: .annotation), body: "Dan", fresh: award.server.fresh()))
        #expect(try Dossier(of: "Delft", in: award.reviewer.view, .dutch).annotations.count == 2)
        #expect(try Dossier(of: "Ede", in: award.reviewer.view, .dutch).annotations.isEmpty)
        #expect(throws: NominationError(.annotationEmpty)) {
            try award.reviewer.perform(
                Annotate(target: delft(award), body: " \n", fresh: award.server.fresh()))
        }
    }
}
