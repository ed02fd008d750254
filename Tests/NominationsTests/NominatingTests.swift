import ChangeLog
import Merging
import MunicipalRegister
import Nominations
import Testing

@Suite("Nominating")
struct NominatingTests {
    @Test("A name, an alias, a code and another spelling lead to one nomination")
    func oneRecord() throws {
        let award = try TestAward()
        let words = ["Alphen aan den Rijn", "Alphen aan de Rijn", "GM0484", "484", "alphen aan den rijn"]
        let records = try words.map { try award.anna.perform(Nominate(nominee: $0)) }
        #expect(Set(records).count == 1)
        #expect(
            try Nominate(nominee: "Alphen aan de Rijn").drafted(in: award.anna.view).drafts.isEmpty)
    }

    @Test("Two colleagues who nominate without a network write in one record")
    func colleagues() throws {
        let award = try TestAward()
        let mine = try award.anna.perform(Nominate(nominee: "Leerdam"))
        let yours = try award.bram.perform(Nominate(nominee: "GM0545"))
        #expect(mine == yours)
        #expect(try award.carla.perform(Nominate(nominee: "Leerdam")) != mine)
        try award.anna.sync()
        try award.bram.sync()
        let home = Audience.organisation(award.welfare).id
        #expect(award.bram.view.merged(mine, in: home)?.conflicts == [])
        #expect(award.bram.view.merged(mine, in: home)?[NominationField.nomineeCode]?.value?.text == "GM0545")
    }

    @Test("A municipality that did not exist on the reference date is refused, and says what did")
    func notThen() throws {
        let award = try TestAward()
        let error = #expect(throws: NominationError.self) {
            try award.anna.perform(Nominate(nominee: "Vijfheerenlanden"))
        }
        #expect(error?.code == .nomineeNotThen)
        #expect(error?.suggestions.contains("Leerdam") ?? false)
    }

    @Test("A slip of the pen gets suggestions")
    func suggestions() throws {
        let award = try TestAward()
        let error = #expect(throws: NominationError.self) {
            try award.anna.perform(Nominate(nominee: "Delfft"))
        }
        #expect(error?.code == .nomineeUnknown)
        #expect(error?.suggestions.first == "Delft")
    }

    @Test("A region is nominated by its name")
    func region() throws {
        let award = try TestAward()
        let nomination = try award.anna.perform(Nominate(nominee: "regio Midden-Limburg"))
        let merged = award.anna.view.merged(nomination, in: Audience.organisation(award.welfare).id)
        #expect(merged?[NominationField.nomineeCode]?.value?.text == "CR38")
    }

    @Test("A removed nomination comes back when it is made again")
    func again() throws {
        let award = try TestAward()
        let nomination = try award.anna.perform(Nominate(nominee: "Delft"))
        try award.anna.perform(RemoveRecord(record: nomination))
        #expect(try award.anna.perform(Nominate(nominee: "Delft")) == nomination)
        let home = Audience.organisation(award.welfare).id
        #expect(award.anna.view.merged(nomination, in: home)?.isVisible == true)
    }

    @Test("Nobody without an organisation nominates, and nobody before the edition is open")
    func rights() throws {
        let award = try TestAward()
        #expect(throws: NominationError(.organisationNone)) {
            try award.reviewer.perform(Nominate(nominee: "Delft"))
        }
        try award.secretariat.perform(CreateEdition(year: 2019, name: "Derde"))
        try award.secretariat.sync()
        try award.anna.pull()
        let refusal = #expect(throws: Reason.self) {
            try award.anna.perform(Nominate(nominee: "Delft", edition: "2019"))
        }
        #expect(refusal?.code == "edition.notOpen")
        // One edition is open, so it is meant where none is named.
        try award.anna.perform(Nominate(nominee: "Delft"))
        try award.secretariat.perform(OpenEdition(edition: "2019"))
        #expect(throws: NominationError(.editionAmbiguous)) {
            try award.secretariat.perform(AddCriterion(name: "Lef", fresh: award.server.fresh()))
        }
    }

    @Test("A closed edition takes no new nomination, and can be opened again")
    func closed() throws {
        let award = try TestAward()
        try award.secretariat.perform(CloseEdition(edition: "2017"))
        award.server.now += 1000
        try award.secretariat.sync()
        try award.anna.pull()
        let refusal = #expect(throws: Reason.self) { try award.anna.perform(Nominate(nominee: "Delft")) }
        #expect(refusal?.code == "edition.closed")
        try award.secretariat.perform(OpenEdition(edition: "2017"))
        try award.secretariat.sync()
        try award.anna.pull()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        #expect(award.anna.tray.isEmpty)
        #expect(try award.submissions(of: "Delft", by: award.welfare).count == 1)
    }

    @Test("An edition exists once, in a year of the calendar, and closes after it opens")
    func editions() throws {
        let award = try TestAward()
        #expect(throws: NominationError(.editionExists)) {
            try award.secretariat.perform(CreateEdition(year: 2017, name: "Weer"))
        }
        #expect(throws: NominationError(.editionYear)) {
            try award.secretariat.perform(CreateEdition(year: 0, name: "Nul"))
        }
        #expect(throws: NominationError(.editionDates)) {
            try award.secretariat.perform(CreateEdition(year: 2021, name: "Om", opens: 2, closes: 1))
        }
        #expect(throws: NominationError(.nameEmpty)) {
            try award.secretariat.perform(CreateEdition(year: 2021, name: " \u{a0}\n"))
        }
    }
}
