import Foundation
import Testing

@testable import MunicipalRegister

/// The tables, what is generated from them, and what the register makes of them.
@Suite struct FactsTests {
    let register = MunicipalRegister.current

    @Test func everyLineOfTheTablesIsRead() {
        #expect(register.unreadable.isEmpty, "\(register.unreadable)")
        #expect(register.regions.count == 100)
        #expect(register.municipalities.flatMap(\.periods).count == 414)
    }

    @Test func theGeneratedFileHoldsExactlyTheTables() throws {
        var lines: [String] = []
        for (name, dropped) in [
            ("municipalities", ["successors", "predecessors", "tile_column", "tile_row"]),
            ("municipal-changes", ["old_name", "new_name"]), ("regions", []), ("aliases", ["kind"]),
        ] {
            let table = try CSVTable(named: name)
            lines.append("#\(name)")
            let kept = table.header.indices.filter { !dropped.contains(table.header[$0]) }
            lines += table.rows.map { row in kept.map { row[$0] }.joined(separator: "|") }
        }
        let embedded = municipalFacts.withUTF8Buffer { Array($0) }
        let same = Array(lines.joined(separator: "\n").utf8) == embedded
        #expect(same, "run Sources/MunicipalRegister/Facts/make-municipal-facts.py")
    }

    @Test func eachCodeIsUsedOnceSoIdsAreUnique() throws {
        let codes = try CSVTable(named: "municipalities").column("code")
        #expect(Set(codes).count == codes.count)
        #expect(Set(register.municipalities.map(\.id)).count == register.municipalities.count)
    }

    @Test(arguments: [
        (2015, 393), (2016, 390), (2017, 388), (2018, 380), (2019, 355), (2020, 355), (2021, 352),
        (2022, 345),
        (2023, 342), (2024, 342), (2025, 342), (2026, 342),
    ])
    func countsOnTheFirstOfJanuary(year: Int, count: Int) throws {
        let day = try #require(CivilDate(year: year, month: 1, day: 1))
        #expect(register.municipalities(on: day).count == count)
    }

    @Test func weespExistedUntil24March2022() throws {
        let weesp = try register.named("Weesp")
        #expect(weesp.exists(on: day("2022-03-23")))
        #expect(!weesp.exists(on: day("2022-03-24")))
        #expect(register.municipalities(on: day("2022-03-24")).count == 344)
        #expect(weesp.inhabitants2022 == 20766)
        #expect(weesp.successors.map(\.other.text) == ["m-GM0363"])
    }

    @Test func winsumWasSplitOverTwo() throws {
        let winsum = try register.named("Winsum")
        #expect(winsum.successors.map(\.other.text) == ["m-GM1966", "m-GM1969"])
        #expect(winsum.successors.map(\.areaPermille) == [778, 222])
    }

    @Test func aRenameKeepsTheIdentity() throws {
        let marren = try register.named("De Fryske Marren")
        #expect(marren.id.text == "m-GM1921")
        #expect(marren.periods.map(\.name) == ["De Friese Meren", "De Fryske Marren"])
        #expect(marren.periods.map(\.code) == ["GM1921", "GM1940"])
        #expect(marren.inhabitants2022 == 51597)
        #expect(try register.named("De Friese Meren").id == marren.id)
    }

    @Test func successorsAndPredecessorsAgreeWithTheTable() throws {
        let table = try CSVTable(named: "municipalities")
        for (code, successors) in zip(try table.column("code"), try table.column("successors")) {
            let municipality = try register.named(code)
            guard municipality.latest.code == code else { continue }
            let codes = try municipality.successors.map {
                try #require(register.municipality($0.other)).latest.code
            }
            #expect(Set(codes) == Set(successors.split(separator: ";").map(String.init)), "\(code)")
            for link in municipality.successors {
                #expect(link.on == municipality.until)
                let heir = try #require(register.municipality(link.other))
                #expect(heir.predecessors.contains { $0.other == municipality.id })
            }
        }
    }

    @Test func periodsFollowWithoutGap() {
        for municipality in register.municipalities {
            for (before, after) in zip(municipality.periods, municipality.periods.dropFirst()) {
                #expect(before.until != nil && before.until == after.from)
            }
        }
    }

    @Test func damagedTablesAreReportedAndNeverTrap() {
        let lines = municipalFacts.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }.split(
            separator: "\n")
        var generator = SplitMix64(state: 20_150_604)
        for round in 0..<12 {
            var damaged = lines.filter { _ in generator.next() % 8 != 0 }.map { Array($0.utf8) }
            for _ in 0..<40 {
                let line = Int(generator.next() % UInt64(damaged.count))
                guard !damaged[line].isEmpty else { continue }
                let at = Int(generator.next() % UInt64(damaged[line].count))
                damaged[line][at] = UInt8(truncatingIfNeeded: generator.next())
            }
            let text = String(decoding: Array(damaged.joined(separator: [10])), as: UTF8.self)
            let broken = FactsReader.read(text)
            _ = broken.find("Leerdam", on: day("2017-01-01"))
            for region in broken.regions.prefix(5) { _ = broken.members(of: region, on: day("2016-01-01")) }
            #expect(!broken.unreadable.isEmpty, "round \(round), seed 20150604")
        }
    }
}

/// A small generator whose numbers follow from its seed.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
