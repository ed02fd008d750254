import MunicipalRegister
import Testing

@Suite struct LookupTests {
    let register = MunicipalRegister.current

    @Test func everyNameAndCodeFindsItself() throws {
        for municipality in register.municipalities {
            for period in municipality.periods {
                for query in [
                    period.name, period.name.uppercased(), "gemeente \(period.name)", period.code,
                    String(period.code.dropFirst(2)), municipality.id.text,
                ] {
                    #expect(register.find(query) == .found(.municipality(municipality)), "\(query)")
                    if let from = period.from {
                        #expect(
                            register.find(query, on: from) == .found(.municipality(municipality)), "\(query)")
                    }
                }
            }
        }
    }

    @Test func everyRegionIsFoundByCodeIdAndNameWithKind() {
        for region in register.regions {
            let found = Lookup.found(.region(region))
            #expect(register.find(region.code) == found)
            #expect(register.find(region.id.text) == found)
            #expect(register.find("\(region.kind.rawValue) \(region.name)") == found, "\(region.name)")
            #expect(register.find("regio \(region.name)", regionKind: region.kind) == found, "\(region.name)")
        }
    }

    @Test(arguments: [
        ("Alphen aan de Rijn", "GM0484"), ("alphen a/d rijn", "GM0484"), ("Den Haag", "GM0518"),
        ("s Gravenhage", "GM0518"), ("’s-Gravenhage", "GM0518"), ("den bosch", "GM0796"),
        ("Súdwest Fryslân", "GM1900"), ("Sudwest-Fryslan", "GM1900"),
        ("Su\u{301}dwest-Frysla\u{302}n", "GM1900"),
        ("  DELFT ", "GM0503"), ("de gemeente Delft", "GM0503"), ("Gemeente De Bilt", "GM0310"),
        ("Bergen (L.)", "GM0893"), ("Bergen (Limburg)", "GM0893"), ("Bergen Limburg", "GM0893"),
        ("bergen l", "GM0893"), ("Bergen NH", "GM0373"), ("Bergen (N.H.)", "GM0373"),
        ("Bergen (Noord-Holland)", "GM0373"), ("Bergen, gemeente in Noord-Holland", ""),
        ("Hengelo (O.)", "GM0164"), ("Rijswijk (ZH)", "GM0603"), ("St. Michielsgestel", "GM0845"),
        ("Nuenen", "GM0820"), ("Nuenen c.a.", "GM0820"), ("Tietjerksteradeel", "GM0737"),
        ("Dantumadeel", "GM1891"), ("It Hearrenfean", "GM0074"), ("ĲSSELSTEIN", "GM0353"), ("545", "GM0545"),
        ("gm34", "GM0034"), ("Utrecht", "GM0344"), ("Groningen", "GM0014"), ("Bergen op Zoom", "GM0748"),
        ("Bergen (Utrecht)", ""), ("GM9999", ""), ("", ""), ("gemeente", ""), ("12345", ""),
    ])
    func findsWhatPeopleWrite(query: String, code: String) {
        if case .found(let nominee) = register.find(query) {
            #expect(nominee.id.text == "m-\(code)", "\(query)")
        } else {
            #expect(code.isEmpty, "\(query)")
        }
    }

    @Test func theLaureatesOf2015And2017AreFound() {
        for name in [
            "Almere", "Alphen aan de Rijn", "Deventer", "Ede", "Heerenveen", "Heerlen", "Oss", "Vlaardingen",
            "Wijk bij Duurstede", "Zaanstad", "Aalten", "Almelo", "Delft", "Goirle", "Huizen", "Leerdam",
            "Meppel",
            "regio Midden-Limburg", "Wageningen", "Zandvoort", "Zeist",
        ] {
            guard case .found = register.find(name, on: day("2017-02-01"), regionKind: .corop) else {
                Issue.record("\(name) is not found")
                continue
            }
        }
    }

    @Test func aBareBergenIsAmbiguous() throws {
        let expected = try ["GM0893", "GM0373"].map { Nominee.municipality(try register.named($0)) }
        #expect(register.find("Bergen") == .ambiguous(expected))
        #expect(register.find("gemeente bergen") == .ambiguous(expected))
    }

    @Test func aRegionNeedsItsKindWhereTwoBearItsName() throws {
        let corop = try register.region(code: "CR38")
        let labour = try register.region(code: "AM33")
        #expect(register.find("regio Midden-Limburg") == .ambiguous([.region(corop), .region(labour)]))
        #expect(register.find("regio Midden-Limburg", regionKind: .corop) == .found(.region(corop)))
        #expect(register.find("Midden Limburg", regionKind: .arbeidsmarktregio) == .found(.region(labour)))
        #expect(register.find("corop midden-limburg") == .found(.region(corop)))
    }

    @Test func aMunicipalityComesBeforeARegionOfItsName() throws {
        #expect(register.find("Zwolle") == .found(.municipality(try register.named("GM0193"))))
        #expect(register.find("Regio Zwolle") == .found(.region(try register.region(code: "AM36"))))
        let safety = try register.region(code: "VR01")
        #expect(register.find("veiligheidsregio Groningen") == .found(.region(safety)))
    }

    @Test func anOldNameIsFoundWhateverTheDate() throws {
        let leerdam = try register.named("Leerdam", on: day("2017-02-01"))
        #expect(try register.named("Leerdam", on: day("2020-01-01")) == leerdam)
        let bussum = try register.named("Vijfheerenlanden", on: day("2017-02-01"))
        #expect(bussum.id.text == "m-GM1961")
    }

    @Test func theCodeOrNameOfTheDateIsPreferred() {
        // Two municipalities of one name that followed each other: the date chooses, and without one the later.
        let register = FactsReaderFixture.twoOfOneName
        func found(_ date: String?) -> String? {
            guard case .found(let nominee) = register.find("Linde", on: date.map(day)) else { return nil }
            return nominee.id.text
        }
        #expect(found("2016-06-01") == "m-GM9001")
        #expect(found("2020-06-01") == "m-GM9002")
        #expect(found(nil) == "m-GM9002")
    }

    @Test(arguments: [
        ("Amstedram", "Amsterdam"), ("Vlardingen", "Vlaardingen"), ("Wagenigen", "Wageningen"),
        ("Den Hag", "Den Haag"), ("Leerdamm", "Leerdam"), ("Alphen", "Alphen aan den Rijn"),
        ("Wijk bij Duurstee", "Wijk bij Duurstede"), ("Súdwst-Fryslân", "Súdwest-Fryslân"),
    ])
    func suggestsWhatComesNearest(query: String, text: String) {
        guard case .unknown(let suggestions) = register.find(query) else {
            Issue.record("\(query) is found")
            return
        }
        #expect(suggestions.count <= MunicipalRegister.suggestionLimit)
        #expect(suggestions.first?.text == text, "\(query): \(suggestions.map(\.text))")
        #expect(Set(suggestions.map(\.nominee.id)).count == suggestions.count)
    }

    @Test func nonsenseHasNoSuggestions() {
        #expect(register.find("xqzvw kjhgf") == .unknown([]))
        #expect(register.find(String(repeating: "Delft ", count: 50)) == .unknown([]))
        #expect(register.find("\u{0}🏛️\u{301}") == .unknown([]))
    }
}

@Suite struct EditDistanceTests {
    @Test func theMostAlikeStandsFirst() {
        let fields = ["motivation", "relation", "title"]
        #expect(EditDistance.sorted(fields, by: "Titel").first == "title")
        #expect(EditDistance.sorted(fields, by: "motivatie").first == "motivation")
        #expect(EditDistance.sorted(["b", "a"], by: "xyz") == ["b", "a"])
        #expect(EditDistance.sorted([], by: "x").isEmpty)
    }

    @Test func onlyASlipOfThePenIsNear() {
        #expect(EditDistance.near(["Buurtkamer", "Glazen huis"], to: "buurtkamr") == ["Buurtkamer"])
        #expect(EditDistance.near(["Buurtkamer"], to: "kamer").isEmpty)
        #expect(EditDistance.near(["a"], to: "b") == ["a"])
    }
}
