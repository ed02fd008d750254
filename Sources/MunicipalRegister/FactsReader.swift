/// Reads the embedded tables into a register. It is total: a line it cannot read is kept as `unreadable`.
struct FactsReader {
    /// One row of the table of municipalities, which stands for one period.
    private struct Row {
        let period: Municipality.Period
        let centroid: Municipality.Centroid?
        let inhabitants: Int?
    }

    /// One row of the table of changes.
    private struct Change {
        let date: CivilDate
        let kind: Substring
        let oldCode: String
        let newCode: String
        let permille: Int
    }

    /// One region and the codes of its members, as listed.
    private struct RegionRow {
        let kind: Region.Kind
        let code: String
        let name: String
        let year: Int
        var memberCodes: [String]
    }

    private var rows: [Row] = []
    private var changes: [Change] = []
    private var regionRows: [RegionRow] = []
    private var aliases: [Alias] = []
    private var unreadable: [String] = []

    /// Builds the register from the text that `Facts/make-municipal-facts.py` makes.
    static func read(_ facts: StaticString) -> MunicipalRegister {
        read(facts.withUTF8Buffer { String(decoding: $0, as: UTF8.self) })
    }

    /// Builds a register from tables in the same form; for tests with tables of their own.
    static func read(_ text: String) -> MunicipalRegister {
        var reader = FactsReader()
        var table: Substring = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("#") {
                table = line.dropFirst()
            } else if !reader.take(line.split(separator: "|", omittingEmptySubsequences: false), of: table) {
                reader.unreadable.append(String(line))
            }
        }
        return reader.register()
    }

    private mutating func take(_ fields: [Substring], of table: Substring) -> Bool {
        switch table {
        case "municipalities": takeMunicipality(fields)
        case "municipal-changes": takeChange(fields)
        case "regions": takeRegion(fields)
        case "aliases": takeAlias(fields)
        default: false
        }
    }

    private mutating func takeMunicipality(_ fields: [Substring]) -> Bool {
        guard fields.count == 8, !fields[0].isEmpty, !fields[1].isEmpty, !fields[2].isEmpty,
            let from = Self.optional(fields[3], { CivilDate(iso: String($0)) }),
            let until = Self.optional(fields[4], { CivilDate(iso: String($0)) }),
            let latitude = Self.optional(fields[5], { Double(String($0)) }),
            let longitude = Self.optional(fields[6], { Double(String($0)) }),
            let inhabitants = Self.optional(fields[7], { Int($0) }),
            MunicipalityID(text: "m-\(fields[0])") != nil
        else { return false }
        var centroid: Municipality.Centroid?
        if let latitude, let longitude {
            centroid = Municipality.Centroid(latitude: latitude, longitude: longitude)
        }
        let period = Municipality.Period(
            code: String(fields[0]), name: String(fields[1]), province: String(fields[2]), from: from,
            until: until)
        rows.append(Row(period: period, centroid: centroid, inhabitants: inhabitants))
        return true
    }

    private mutating func takeChange(_ fields: [Substring]) -> Bool {
        guard fields.count == 5, let date = CivilDate(iso: String(fields[0])),
            let share = Double(String(fields[4])),
            let permille = Int(exactly: (share * 1000).rounded())
        else { return false }
        let change = Change(
            date: date, kind: fields[1], oldCode: String(fields[2]), newCode: String(fields[3]),
            permille: permille)
        if change.kind.hasPrefix("grensverschil") { return true }
        guard ["naamswijziging", "opgegaan in", "splitsing"].contains(change.kind) else { return false }
        changes.append(change)
        return true
    }

    private mutating func takeRegion(_ fields: [Substring]) -> Bool {
        guard fields.count == 5, let kind = Region.Kind(rawValue: String(fields[0])),
            let year = Int(fields[3]),
            RegionID(text: "r-\(fields[1])") != nil
        else { return false }
        let code = String(fields[1])
        if let last = regionRows.indices.last, regionRows[last].code == code {
            regionRows[last].memberCodes.append(String(fields[4]))
        } else {
            let row = RegionRow(
                kind: kind, code: code, name: String(fields[2]), year: year, memberCodes: [String(fields[4])])
            regionRows.append(row)
        }
        return true
    }

    private mutating func takeAlias(_ fields: [Substring]) -> Bool {
        guard fields.count == 2, !fields[1].isEmpty else { return false }
        aliases.append(Alias(code: String(fields[0]), text: String(fields[1])))
        return true
    }

    /// The value of a field that may be empty: `.some(nil)` when empty, nil when it cannot be read.
    private static func optional<Value>(_ field: Substring, _ read: (Substring) -> Value?) -> Value?? {
        if field.isEmpty { return .some(nil) }
        guard let value = read(field) else { return nil }
        return .some(value)
    }
}

extension FactsReader {
    private mutating func register() -> MunicipalRegister {
        let lives = joinedByRenames()
        var ids: [String: MunicipalityID] = [:]
        for life in lives {
            guard let id = MunicipalityID(text: "m-\(life[0].period.code)") else { continue }
            for row in life where ids.updateValue(id, forKey: row.period.code) != nil {
                unreadable.append("\(row.period.code) occurs twice")
            }
        }
        let (predecessors, successors) = successions(ids)
        let municipalities = lives.compactMap { life -> Municipality? in
            guard let id = ids[life[0].period.code] else { return nil }
            return Municipality(
                id: id, periods: life.map(\.period), predecessors: predecessors[id] ?? [],
                successors: successors[id] ?? [], inhabitants2022: life.last?.inhabitants,
                centroid: life.last?.centroid)
        }
        return MunicipalRegister(
            municipalities: DutchCollation.sorted(municipalities) { $0.latest.name }, regions: regions(ids),
            aliases: aliases, unreadable: unreadable)
    }

    /// Rows of one municipality together: a rename continues it under a new code.
    private func joinedByRenames() -> [[Row]] {
        let renames = changes.filter { $0.kind == "naamswijziging" }
        let renamedTo = Set(renames.map(\.newCode))
        return rows.filter { !renamedTo.contains($0.period.code) }.map { first in
            var life = [first]
            // A municipality cannot have more names than there are renames, so a loop in the table ends too.
            for _ in renames {
                guard let rename = renames.first(where: { $0.oldCode == life[life.count - 1].period.code }),
                    let next = rows.first(where: { $0.period.code == rename.newCode })
                else { break }
                life.append(next)
            }
            return life
        }
    }

    private mutating func successions(
        _ ids: [String: MunicipalityID]
    ) -> (
        predecessors: [MunicipalityID: [Municipality.Succession]],
        successors: [MunicipalityID: [Municipality.Succession]]
    ) {
        var predecessors: [MunicipalityID: [Municipality.Succession]] = [:]
        var successors: [MunicipalityID: [Municipality.Succession]] = [:]
        for change in changes where change.kind != "naamswijziging" {
            guard let old = ids[change.oldCode], let new = ids[change.newCode] else {
                unreadable.append("change of an unknown municipality: \(change.oldCode), \(change.newCode)")
                continue
            }
            successors[old, default: []].append(
                Municipality.Succession(other: new, on: change.date, areaPermille: change.permille))
            predecessors[new, default: []].append(
                Municipality.Succession(other: old, on: change.date, areaPermille: change.permille))
        }
        return (
            predecessors.mapValues { $0.sorted { $0.on < $1.on } },
            successors.mapValues { $0.sorted { $0.areaPermille > $1.areaPermille } }
        )
    }

    private mutating func regions(_ ids: [String: MunicipalityID]) -> [Region] {
        let names = Dictionary(
            rows.map { ($0.period.code, $0.period.name) }, uniquingKeysWith: { first, _ in first })
        var regions: [Region] = []
        for row in regionRows {
            guard let id = RegionID(text: "r-\(row.code)") else { continue }
            let sorted = DutchCollation.sorted(row.memberCodes) { names[$0] ?? $0 }
            for code in sorted where ids[code] == nil {
                unreadable.append("\(row.code) lists the unknown municipality \(code)")
            }
            regions.append(
                Region(
                    id: id, kind: row.kind, code: row.code, name: row.name, year: row.year,
                    listedMembers: sorted.compactMap { ids[$0] }))
        }
        return regions
    }
}
