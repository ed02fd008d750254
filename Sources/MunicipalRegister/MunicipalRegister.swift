/// All municipalities from 2015 on, the regions, and the ways people write their names.
///
/// It is built from embedded tables, reads nothing and never changes; days before 2015-01-01 are answered as if
/// they were that day, since the register does not know what came before.
public struct MunicipalRegister: Sendable {
    /// The register that is built in, parsed at first use.
    public static let current = FactsReader.read(municipalFacts)

    /// Every municipality, ended ones included, in Dutch order of the latest name.
    public let municipalities: [Municipality]
    /// Every region, by kind and then code.
    public let regions: [Region]
    /// Lines of the tables that could not be read; empty, as a test proves.
    public let unreadable: [String]

    private let municipalityIndex: [MunicipalityID: Int]
    private let regionIndex: [RegionID: Int]
    let names: NameIndex

    init(municipalities: [Municipality], regions: [Region], aliases: [Alias], unreadable: [String]) {
        self.municipalities = municipalities
        self.regions = regions
        self.unreadable = unreadable
        municipalityIndex = Dictionary(
            municipalities.enumerated().map { ($0.element.id, $0.offset) },
            uniquingKeysWith: { first, _ in first })
        regionIndex = Dictionary(
            regions.enumerated().map { ($0.element.id, $0.offset) }, uniquingKeysWith: { first, _ in first })
        names = NameIndex(municipalities: municipalities, regions: regions, aliases: aliases)
    }

    /// The municipality with this id, or nil where the register does not know it.
    public func municipality(_ id: MunicipalityID) -> Municipality? {
        municipalityIndex[id].map { municipalities[$0] }
    }

    /// The region with this id, or nil where the register does not know it.
    public func region(_ id: RegionID) -> Region? {
        regionIndex[id].map { regions[$0] }
    }

    /// The nominee with this id, or nil where the register does not know it.
    public func nominee(_ id: NomineeID) -> Nominee? {
        switch id {
        case .municipality(let id): municipality(id).map(Nominee.municipality)
        case .region(let id): region(id).map(Nominee.region)
        }
    }

    /// The municipalities that existed on a day, in Dutch order of the latest name.
    public func municipalities(on date: CivilDate) -> [Municipality] {
        municipalities.filter { $0.exists(on: date) }
    }
}

/// Another way of writing a municipality or region, by code.
struct Alias {
    let code: String
    let text: String
}
