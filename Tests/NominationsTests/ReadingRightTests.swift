import ChangeLog
import MunicipalRegister
import Nominations
import Testing

@Suite("Who reads what")
struct ReadingRightTests {
    private func readers(of audience: AudienceID, _ award: TestAward) throws -> [String] {
        let people = zip(["secretariat", "anna", "bram", "carla", "reviewer"], award.everybody)
        return try people.filter { try award.server.rules.mayRead($0.1.person, audience, award.server.facts) }
            .map(\.0)
    }

    @Test("Drafts are read by the own organisation alone, not by the secretariat or the jury")
    func drafts() throws {
        let award = try TestAward()
        #expect(try readers(of: Audience.organisation(award.welfare).id, award) == ["anna", "bram"])
        #expect(try readers(of: Audience.organisation(award.youthWork).id, award) == ["carla"])
    }

    @Test("What is submitted is read by the organisation, the jury and the secretariat")
    func submitted() throws {
        let award = try TestAward()
        let home = award.key("Delft", of: award.welfare).audience(testHash)
        #expect(try readers(of: home, award) == [])
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        #expect(try readers(of: home, award) == ["secretariat", "anna", "bram", "reviewer"])
    }

    @Test("A person's notes are the person's, the jury's the jury's, and an unknown circle nobody's")
    func others() throws {
        let award = try TestAward()
        #expect(try readers(of: Audience.person(award.anna.person).id, award) == ["anna"])
        let jury = JuryKey(nominee: award.key("Delft", of: award.welfare).nominee, edition: award.edition)
        #expect(try readers(of: jury.audience(testHash), award) == ["secretariat", "reviewer"])
        #expect(try readers(of: Audience.workgroup.id, award) == [])
        #expect(try readers(of: Audience.panel.id, award) == ["secretariat", "reviewer"])
        #expect(try readers(of: Roster.audience, award).count == 5)
        for name in [
            "review:\(record(1))", "organisation", "organisation:x", "everyone:\(record(1))",
            "nomination:\(record(1)):x",
        ] {
            #expect(try readers(of: try #require(AudienceID(name)), award) == [], "\(name)")
        }
    }

    @Test("Who has lost all roles reads nothing, and who changes organisation reads the new one's")
    func changes() throws {
        let award = try TestAward()
        try award.server.write([RosterCommands.setOrganisation(of: award.anna.person, to: award.youthWork)])
        #expect(try readers(of: Audience.organisation(award.welfare).id, award) == ["bram"])
        #expect(try readers(of: Audience.organisation(award.youthWork).id, award) == ["anna", "carla"])
        try award.server.write([RosterCommands.deactivate(award.anna.person)])
        #expect(try readers(of: Audience.person(award.anna.person).id, award) == [])
        #expect(try readers(of: Roster.audience, award).count == 4)
    }
}
