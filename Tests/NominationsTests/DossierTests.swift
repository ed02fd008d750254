import ChangeLog
import Foundation
import Merging
import Nominations
import Testing

@Suite("The dossier of a nominee")
struct DossierTests {
    private func json(_ value: some Encodable) throws -> [String: Any] {
        let data = try JSONEncoder().encode(value)
        return try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
    }

    @Test("It holds the nominations of all organisations, examples by criterion, and no drafts of others")
    func merged() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        let other = try award.carla.perform(Nominate(nominee: "Delft", motivation: "Ook wij."))
        try award.carla.perform(
            AddExample(
                nomination: other, title: "Jongeren", criteria: ["Preventie", "Vernieuwing"],
                fresh: award.server.fresh()))
        try award.carla.sync()
        try award.reviewer.pull()
        #expect(
            try Dossier(of: "Delft", in: award.reviewer.view, .dutch).nominations.map(\.organisation.name)
                == ["Welzijn Delft"])
        #expect(try Dossier(of: "Delft", in: award.carla.view, .dutch).nominations.map(\.state) == ["draft"])

        try award.carla.perform(Submit(nomination: other, fresh: award.server.fresh()))
        try award.carla.sync()
        try award.reviewer.pull()
        let dossier = try Dossier(of: "gemeente Delft", edition: "2017", in: award.reviewer.view, .dutch)
        #expect(dossier.nominations.map(\.organisation.name) == ["Jongerenwerk West", "Welzijn Delft"])
        #expect(dossier.nominations.map(\.motivation) == ["Ook wij.", "Delft voor Elkaar."])
        let groups = dossier.examplesByCriterion.groups
        #expect(groups.map { $0.criterion?.name } == ["Preventie", "Vernieuwing"])
        #expect(groups.map(\.examples.count) == [2, 1])

        try award.carla.perform(Withdraw(nomination: other))
        try award.carla.sync()
        try award.reviewer.pull()
        let after = try Dossier(of: "Delft", in: award.reviewer.view, .dutch)
        #expect(after.nominations.map(\.state) == ["submitted", "withdrawn"])
        #expect(after.examplesByCriterion.groups.map(\.examples.count) == [1, 0])
    }

    @Test("To its own organisation a nomination is a draft until its submission is accepted")
    func own() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        func shown() throws -> [String] {
            try Dossier(of: "Delft", in: award.anna.view, .dutch).nominations.map(\.state)
        }
        #expect(try shown() == ["draft"])
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        #expect(try shown() == ["draft"])
        try award.anna.sync()
        #expect(try shown() == ["submitted"])
    }

    @Test("Its JSON has every key of the contract, null where there is nothing")
    func contract() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.reviewer.pull()
        let object = try json(try Dossier(of: "Delft", in: award.reviewer.view, .dutch))
        for key in ["nominee", "nominations", "examplesByCriterion", "annotations", "conflicts", "history"] {
            #expect(object[key] != nil, "\(key) is missing")
        }
        let first = try #require((object["nominations"] as? [[String: Any]])?.first)
        #expect(first["relation"] is NSNull)
        #expect(first["title"] is NSNull)
        #expect((object["examplesByCriterion"] as? [String: [Any]])?["Preventie"]?.count == 1)
    }

    @Test("It tells what became of a municipality, and that an award is not inherited")
    func municipalities() throws {
        let award = try TestAward()
        award.server.now = TestAward.closes + 400 * 86_400_000 * 5
        let leerdam = try Dossier(of: "Leerdam", edition: "2017", in: award.reviewer.view, .dutch)
        #expect(leerdam.nominee.name == "Leerdam")
        #expect(
            leerdam.nominee.notes == ["Leerdam hoort sinds 1 januari 2019 bij Vijfheerenlanden (Utrecht)."])
        #expect(leerdam.nominee.today == ["Vijfheerenlanden"])
        #expect(leerdam.history.isEmpty)

        try award.secretariat.perform(CreateEdition(year: 2022, name: "Derde"))
        try award.secretariat.sync()
        try award.reviewer.pull()
        let heir = try Dossier(of: "Vijfheerenlanden", edition: "2022", in: award.reviewer.view, .english)
        #expect(heir.history.map(\.name) == ["Leerdam"])
        #expect(heir.history.map(\.relation) == ["predecessor"])
        #expect(
            heir.history.first?.notes == [
                "Leerdam has been part of Vijfheerenlanden (Utrecht) since 1 January 2019."
            ])
        let roermond = try Dossier(of: "Roermond", edition: "2022", in: award.reviewer.view, .dutch)
        #expect(roermond.history.map(\.relation) == ["region"])
        let delft = try Dossier(of: "Delft", edition: "2022", in: award.reviewer.view, .dutch)
        #expect(delft.history.map(\.year) == [2017])
        #expect(delft.history.map(\.relation) == ["same"])
    }

    @Test("The secretariat sees who answered; a list stands in Dutch order")
    func lists() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        for name in ["regio Midden-Limburg", "De Bilt", "'s-Gravenhage"] {
            try award.anna.perform(Nominate(nominee: name))
        }
        try award.anna.sync()
        try award.secretariat.pull()
        let dashboard = try ResponseDashboard(in: award.secretariat.view)
        #expect(dashboard.organisations == 2)
        #expect(dashboard.answered == 1)
        #expect(dashboard.submitted == 1)
        #expect(dashboard.answeredBy.map(\.name) == ["Welzijn Delft"])

        let items = try NominationList(in: award.anna.view).items
        #expect(items.map(\.title) == ["De Bilt", "Delft", "'s-Gravenhage", "Midden-Limburg"])
        #expect(items.map(\.state) == ["draft", "submitted", "draft", "draft"])
        #expect(try NominationList(in: award.secretariat.view).items.map(\.title) == ["Delft"])
        let nominees = try NomineeList(in: award.anna.view).items
        #expect(nominees.map(\.name) == items.map(\.title) && nominees.allSatisfy { $0.review == nil })
    }

    @Test("Who is nominated, and how far the own reviews are")
    func nominees() throws {
        let award = try TestAward()
        let nomination = try award.nominationOfDelft()
        try award.anna.perform(Submit(nomination: nomination, fresh: award.server.fresh()))
        try award.anna.sync()
        try award.carla.perform(Nominate(nominee: "Delft"))
        try award.carla.sync()
        func shown() throws -> [String?] {
            try award.reviewer.sync()
            let items = try NomineeList(in: award.reviewer.view).items
            #expect(items.map(\.name) == ["Delft"])
            // Others' drafts are nobody's to see.
            #expect(items.map { $0.nominations.map(\.organisation.name) } == [["Welzijn Delft"]])
            return items.map(\.review)
        }
        #expect(try shown() == ["none"])
        try award.reviewer.perform(Assess(nominee: "Delft", advice: .award))
        #expect(try shown() == ["draft"])
        try award.reviewer.perform(Assess(nominee: "Delft", isSubmitted: true))
        #expect(try shown() == ["submitted"])
        try award.secretariat.pull()
        let secretariat = try NomineeList(in: award.secretariat.view).items
        #expect(secretariat.map(\.reviews) == [1] && secretariat.map(\.review) == [nil])
        // Recused before anything came in, which stays readable by nobody but the record of it.
        try award.reviewer.perform(Recuse(nominee: "Delft"))
        #expect(try shown() == ["recused"])
    }
}
