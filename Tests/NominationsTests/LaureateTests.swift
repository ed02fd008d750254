import Foundation
import MunicipalRegister
import Nominations
import Testing

@Suite("Earlier laureates")
struct LaureateTests {
    @Test("Ten of 2015 and eleven of 2017, all in the register under the name of that time")
    func known() throws {
        #expect(Laureate.known.filter { $0.year == 2015 }.count == 10)
        #expect(Laureate.known.filter { $0.year == 2017 }.count == 11)
        for laureate in Laureate.known {
            let nominee = try #require(
                MunicipalRegister.current.nominee(laureate.nominee), "\(laureate.name)")
            let name = nominee.name(on: CivilDate(year: laureate.year, month: 6, day: 1))
            #expect(laureate.name == name || laureate.name == "regio \(name)")
        }
    }

    @Test("What is built in is what the table says")
    func table() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let table = root.appendingPathComponent("Sources/Nominations/Facts/laureates.csv")
        let lines = try String(contentsOf: table, encoding: .utf8).split(separator: "\n").dropFirst()
        try #require(lines.count == Laureate.known.count)
        for (line, laureate) in zip(lines, Laureate.known) {
            #expect(line.hasPrefix("\(laureate.year),\(laureate.name),"))
            let keywords = laureate.keywords.joined(separator: ";")
            #expect(keywords.isEmpty || line.contains(keywords))
            #expect(line.contains(laureate.certainty))
        }
    }
}
