import MunicipalRegister
import Testing

@Suite struct DutchCollationTests {
    @Test func sortsAsADutchListDoes() {
        let expected = [
            "Bergeijk", "Bergen", "Bergen (L.)", "Bergen (NH.)", "Bergen op Zoom", "De Bilt", "het Bildt",
            "'s-Gravenhage", "Den Haag", "Den Helder", "'s-Hertogenbosch", "Huizen", "IJsselstein",
            "Ilpendam",
            "regio Midden-Limburg", "Midden-Limburg", "Súdwest-Fryslân", "Sudwold", "Zaanstad",
        ]
        let sorted = DutchCollation.sorted(Array(expected.reversed())) { $0 }
        #expect(
            sorted == [
                "Bergeijk", "Bergen", "Bergen (L.)", "Bergen (NH.)", "Bergen op Zoom", "het Bildt", "De Bilt",
                "'s-Gravenhage", "Den Haag", "Den Helder", "'s-Hertogenbosch", "Huizen", "IJsselstein",
                "Ilpendam",
                "Midden-Limburg", "regio Midden-Limburg", "Súdwest-Fryslân", "Sudwold", "Zaanstad",
            ])
    }

    @Test func bothNormalFormsStandTogetherButDiffer() {
        let composed = "S\u{FA}dwest"
        let decomposed = "Su\u{301}dwest"
        #expect(DutchCollation.key(for: composed) != DutchCollation.key(for: decomposed))
        let order = DutchCollation.sorted([composed, "Sudwesu", decomposed, "Sudwesa"]) { $0 }
        #expect(order.map { Array($0.utf8) }.last == Array("Sudwesu".utf8))
        #expect(order.map { Array($0.utf8) }.first == Array("Sudwesa".utf8))
    }

    @Test func aLeadingWordAloneIsAName() {
        #expect(DutchCollation.precedes("De", "Delft"))
        #expect(DutchCollation.precedes("Den", "Ede"))
    }

    @Test func differentBytesHaveDifferentKeys() {
        let names =
            MunicipalRegister.current.municipalities.flatMap(\.periods).map(\.name)
            + MunicipalRegister.current.regions.map(\.name) + [
                "", " ", "(", "\u{0}", "'s", "De ", "é", "e\u{301}", "🏛️",
            ]
        let distinct = Set(names.map { Array($0.utf8) })
        #expect(Set(names.map(DutchCollation.key)).count == distinct.count)
        #expect(DutchCollation.precedes("é", "e\u{301}") != DutchCollation.precedes("e\u{301}", "é"))
    }
}
