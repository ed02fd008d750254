import MunicipalRegister
import Testing

@Suite struct HistoryTests {
    let register = MunicipalRegister.current

    @Test func leerdamOf2017IsNowVijfheerenlandenInUtrecht() throws {
        let leerdam = try register.named("Leerdam")
        let history = register.description(
            of: .municipality(leerdam), from: day("2017-02-01"), asOf: day("2026-01-01"))
        #expect(history.name == "Leerdam")
        #expect(history.then.map(\.province) == ["Zuid-Holland"])
        #expect(history.events.count == 1)
        #expect(history.events.first?.on == day("2019-01-01"))
        guard case .ended(let successors) = history.events.first?.kind else {
            Issue.record("\(history.events)")
            return
        }
        #expect(successors.map(\.name) == ["Vijfheerenlanden"])
        #expect(successors.map(\.province) == ["Utrecht"])
        #expect(history.now == successors)
    }

    @Test func beforeItHappenedNothingIsTold() throws {
        let leerdam = try register.named("Leerdam")
        let history = register.description(
            of: .municipality(leerdam), from: day("2017-02-01"), asOf: day("2018-12-31"))
        #expect(history.events.isEmpty)
        #expect(history.now == history.then)
    }

    @Test func aSplitListsAllSuccessors() throws {
        let haaren = try register.named("Haaren")
        let history = register.description(
            of: .municipality(haaren), from: day("2020-01-01"), asOf: day("2026-01-01"))
        #expect(history.now.map(\.name) == ["Boxtel", "Oisterwijk", "Tilburg", "Vught"])
        guard case .ended(let successors) = history.events.first?.kind else {
            Issue.record("\(history.events)")
            return
        }
        #expect(successors.map(\.name) == ["Vught", "Oisterwijk", "Tilburg", "Boxtel"])
    }

    @Test func renamesAndAbsorptionsAreEvents() throws {
        let groesbeek = try register.named("Groesbeek")
        let renamed = register.description(
            of: .municipality(groesbeek), from: day("2015-06-04"), asOf: day("2026-01-01"))
        #expect(renamed.name == "Groesbeek")
        #expect(renamed.events.map(\.subject.name) == ["Groesbeek"])
        #expect(renamed.now.map(\.name) == ["Berg en Dal"])

        let groningen = try register.named("Groningen")
        let enlarged = register.description(
            of: .municipality(groningen), from: day("2017-02-01"), asOf: day("2026-01-01"))
        guard case .enlarged(let by) = enlarged.events.first?.kind else {
            Issue.record("\(enlarged.events)")
            return
        }
        #expect(by.map(\.name) == ["Ten Boer", "Haren"])
        #expect(enlarged.now.map(\.name) == ["Groningen"])
    }

    @Test func aRegionTellsOfItsMembers() throws {
        let region = try register.region(code: "CR02")
        let history = register.description(
            of: .region(region), from: day("2017-02-01"), asOf: day("2026-01-01"))
        #expect(history.then.map(\.name) == ["Appingedam", "Delfzijl", "Loppersum"])
        #expect(history.now.map(\.name) == ["Eemsdelta"])
        #expect(history.events.count == 3)
    }

    @Test func statusOnADay() throws {
        let leerdam = try register.named("Leerdam")
        #expect(register.status(of: leerdam, on: day("2018-12-31")) == .existing(leerdam.latest))
        guard case .ended(let end, let successors) = register.status(of: leerdam, on: day("2020-05-01"))
        else {
            Issue.record("Leerdam has not ended")
            return
        }
        #expect(end == day("2019-01-01"))
        #expect(successors.map(\.name) == ["Vijfheerenlanden"])
        let heir = try register.named("Vijfheerenlanden")
        guard case .notYet(let from, let before) = register.status(of: heir, on: day("2017-02-01")) else {
            Issue.record("Vijfheerenlanden exists")
            return
        }
        #expect(from == day("2019-01-01"))
        #expect(before.map(\.name) == ["Leerdam", "Vianen", "Zederik"])
    }
}
