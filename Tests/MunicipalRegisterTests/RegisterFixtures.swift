import Foundation
import MunicipalRegister
import Testing

/// A day from its ISO form; a test with a wrong one fails at its first comparison.
func day(_ iso: String) -> CivilDate {
    CivilDate(iso: iso) ?? CivilDate(daysSince1970: 0)!
}

extension MunicipalRegister {
    /// The one municipality that a query finds.
    func named(_ query: String, on date: CivilDate? = nil) throws -> Municipality {
        guard case .found(.municipality(let municipality)) = find(query, on: date) else {
            throw NotOne(query: query)
        }
        return municipality
    }

    /// The region with this code.
    func region(code: String) throws -> Region {
        try #require(RegionID(text: "r-\(code)").flatMap { region($0) })
    }
}

struct NotOne: Error {
    let query: String
}

/// One of the tables beside the register's sources.
struct CSVTable {
    let header: [String]
    let rows: [[String]]

    init(named name: String) throws {
        let file = URL(filePath: #filePath)
            .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/MunicipalRegister/Facts/\(name).csv")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(Self.fields)
        header = try #require(lines.first)
        rows = Array(lines.dropFirst())
        #expect(rows.allSatisfy { $0.count == header.count })
    }

    func column(_ name: String) throws -> [String] {
        let index = try #require(header.firstIndex(of: name))
        return rows.map { $0[index] }
    }

    /// The fields of one line; a quoted field may hold commas.
    private static func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var quoted = false
        for character in line {
            switch character {
            case "\"": quoted.toggle()
            case "," where !quoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
